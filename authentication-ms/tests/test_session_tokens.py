"""In the cookie only a session token counts, and nowhere else; by either algorithm, and through a change of keys."""

from pathlib import Path

import pytest
from authentication_forgeries import forgeries
from authentication_testing import ANN, Rows, Service, StartService, assert_signed_out, claims, cookie_in, part
from joserfc.jwk import ECKey

SECRET, OTHER = "a secret of thirty-two characters", "another secret of as many letters"


async def test_no_forged_token_counts(service: Service, families: Rows) -> None:
    await service.register(ANN)
    genuine = await service.sign_in()
    before = await families.find().to_list()
    for name, token in forgeries(service, genuine).items():
        assert_signed_out(await service.send_cookie("/refresh", token))
        assert (await service.send_cookie("/logout", token)).status_code == 204
        assert await families.find().to_list() == before, name
    assert claims(await service.next_turn(genuine))["turn"] == 1


@pytest.mark.parametrize("algorithm", ["ES256", "HS256"])
async def test_no_kind_stands_in_for_another(
    settings: pytest.MonkeyPatch, start: StartService, families: Rows, users: Rows, algorithm: str
) -> None:
    """Not even where an operator gave both kinds of secrets the same value."""
    settings.setenv("JWT_TOKEN_ALG", algorithm)
    settings.setenv("JWT_ACCESS_TOKEN_SECRET_KEY", SECRET)
    settings.setenv("JWT_REFRESH_TOKEN_SECRET_KEY", SECRET)
    async with start() as service:
        await service.register(ANN)
        signed_in = await service.post("/login", {"email": ANN, "password": "secret words"})
        session, others = cookie_in(signed_in), signed_in.json()
        assert part(session, 0)["typ"] == "session+jwt"
        for token in others.values():
            assert_signed_out(await service.send_cookie("/refresh", token))
            assert (await service.send_cookie("/logout", token)).status_code == 204
        assert await service.refreshed_status(session) == 401
        assert (await service.sign_out_everywhere(session)).status_code == 401
        assert await families.count_documents({"turn": 0}) == await users.count_documents({"token_generation": 0}) == 1
        assert claims(await service.next_turn(session))["turn"] == 1
        assert await service.refreshed_status(others["refresh_token"]) == 200


async def test_a_new_secret_signs_nobody_out(settings: pytest.MonkeyPatch, start: StartService) -> None:
    settings.setenv("JWT_TOKEN_ALG", "HS256")
    settings.setenv("JWT_ACCESS_TOKEN_SECRET_KEY", "yet another secret of thirty-two")
    settings.setenv("JWT_REFRESH_TOKEN_SECRET_KEY", SECRET)
    async with start() as service:
        await service.register(ANN)
        forgotten, kept = await service.sign_in(), await service.sign_in()
    settings.setenv("JWT_REFRESH_TOKEN_SECRET_KEY", OTHER)
    settings.setenv("JWT_PREVIOUS_REFRESH_TOKEN_SECRET_KEY", SECRET)
    async with start() as service:
        kept = await service.next_turn(kept)
    settings.delenv("JWT_PREVIOUS_REFRESH_TOKEN_SECRET_KEY")
    async with start() as service:
        assert claims(await service.next_turn(kept))["turn"] == 2
        assert_signed_out(await service.send_cookie("/refresh", forgotten))


async def test_a_new_key_signs_nobody_out(settings: pytest.MonkeyPatch, start: StartService, tmp_path: Path) -> None:
    for name in ("former", "following"):
        key = ECKey.generate_key("P-256")
        (tmp_path / f"{name}.pem").write_bytes(key.as_pem(private=True))
        (tmp_path / f"{name}.pub").write_bytes(key.as_pem(private=False))
    settings.setenv("JWT_PRIVATE_KEY_FILE", str(tmp_path / "former.pem"))
    async with start() as service:
        await service.register(ANN)
        forgotten, kept = await service.sign_in(), await service.sign_in()
    settings.setenv("JWT_PRIVATE_KEY_FILE", str(tmp_path / "following.pem"))
    settings.setenv("JWT_SECOND_PUBLIC_KEY_FILE", str(tmp_path / "former.pub"))
    async with start() as service:
        kept = await service.next_turn(kept)
    settings.delenv("JWT_SECOND_PUBLIC_KEY_FILE")
    async with start() as service:
        assert claims(await service.next_turn(kept))["turn"] == 2
        assert_signed_out(await service.send_cookie("/refresh", forgotten))
