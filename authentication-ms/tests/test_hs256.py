"""HS256 by the two variables of the first version."""

import pytest
from authentication.app import create_app
from authentication_testing import StartService, claims, part
from joserfc import jwt
from joserfc.jwk import OctKey

ACCESS, REFRESH = "access secret of thirty-two bytes", "refresh secret of thirty-two byte"


@pytest.fixture
def hs256(settings: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    settings.setenv("JWT_TOKEN_ALG", "HS256")
    settings.setenv("JWT_ACCESS_TOKEN_SECRET_KEY", ACCESS)
    settings.setenv("JWT_REFRESH_TOKEN_SECRET_KEY", REFRESH)
    return settings


async def test_tokens_are_signed_with_the_two_secrets(hs256: pytest.MonkeyPatch, start: StartService) -> None:
    async with start() as service:
        await service.register("ann@example.test")
        tokens = await service.login("ann@example.test")
        jwt.decode(tokens["access_token"], OctKey.import_key(ACCESS), algorithms=["HS256"])
        jwt.decode(tokens["refresh_token"], OctKey.import_key(REFRESH), algorithms=["HS256"])
        assert part(tokens["access_token"], 0) == {"typ": "JWT", "alg": "HS256"}
        assert list(claims(tokens["access_token"]))[:3] == ["email", "role", "exp"]
        assert await service.refreshed_status(tokens["refresh_token"]) == 200
        assert await service.refreshed_status(tokens["access_token"]) == 401
        assert (await service.sign_out_everywhere(tokens["refresh_token"])).status_code == 401
        assert (await service.sign_out_everywhere(tokens["access_token"])).status_code == 204
        assert (await service.client.get("/.well-known/jwks.json")).json() == {"keys": []}


async def test_one_secret_for_both_does_not_mix_the_kinds(hs256: pytest.MonkeyPatch, start: StartService) -> None:
    hs256.setenv("JWT_REFRESH_TOKEN_SECRET_KEY", ACCESS)
    async with start() as service:
        await service.register("ann@example.test")
        tokens = await service.login("ann@example.test")
        assert await service.refreshed_status(tokens["access_token"]) == 401
        assert (await service.sign_out_everywhere(tokens["refresh_token"])).status_code == 401


async def test_a_new_secret_signs_nobody_out(hs256: pytest.MonkeyPatch, start: StartService) -> None:
    async with start() as service:
        await service.register("ann@example.test")
        old = await service.login("ann@example.test")
    hs256.setenv("JWT_REFRESH_TOKEN_SECRET_KEY", "another secret of thirty-two bytes")
    hs256.setenv("JWT_PREVIOUS_REFRESH_TOKEN_SECRET_KEY", REFRESH)
    async with start() as service:
        assert await service.refreshed_status(old["refresh_token"]) == 200
        new = await service.login("ann@example.test")
        with pytest.raises(Exception, match="bad_signature"):
            jwt.decode(new["refresh_token"], OctKey.import_key(REFRESH), algorithms=["HS256"])
    hs256.delenv("JWT_PREVIOUS_REFRESH_TOKEN_SECRET_KEY")
    async with start() as service:
        assert await service.refreshed_status(old["refresh_token"]) == 401
        assert await service.refreshed_status(new["refresh_token"]) == 200


@pytest.mark.parametrize("name", ["JWT_ACCESS_TOKEN_SECRET_KEY", "JWT_REFRESH_TOKEN_SECRET_KEY"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_secret_stops_the_start(
    hs256: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str | None
) -> None:
    if value is None:
        hs256.delenv(name)
    else:
        hs256.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        create_app()
    assert stopped.value.code == 78
    error = capsys.readouterr().err
    assert f"{name} is missing" in error
    assert ACCESS not in error
    assert REFRESH not in error
