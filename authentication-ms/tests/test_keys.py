"""Keys: made once, published without their private parts, rotated without signing anyone out."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from authentication.app import create_app
from authentication.services.keys import load_keys
from authentication.settings import Settings
from authentication_testing import Service, StartService, part
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey


async def jwks(service: Service) -> dict[str, Any]:
    return dict((await service.client.get("/.well-known/jwks.json")).json())


def key_set(document: Any) -> KeySet:
    return KeySet.import_key_set(document)


def write_key(path: Path) -> ECKey:
    key = ECKey.generate_key("P-256")
    path.write_bytes(key.as_pem(private=True))
    key.ensure_kid()
    return key


async def test_the_published_key_verifies_and_has_no_private_part(service: Service) -> None:
    await service.register("ann@example.test")
    token = (await service.login("ann@example.test"))["access_token"]
    document = await jwks(service)
    assert [sorted(key) for key in document["keys"]] == [["alg", "crv", "kid", "kty", "use", "x", "y"]]
    assert (document["keys"][0]["alg"], document["keys"][0]["use"]) == ("ES256", "sig")
    assert part(token, 0) == {"typ": "JWT", "alg": "ES256", "kid": document["keys"][0]["kid"]}
    decoded = jwt.decode(token, key_set(document), algorithms=["ES256"])
    assert decoded.claims["email"] == "ann@example.test"


async def test_the_key_is_made_once_and_for_the_owner_only(start: StartService, tmp_path: Path) -> None:
    async with start() as first:
        before = await jwks(first)
    (file,) = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    async with start() as second:
        assert await jwks(second) == before


def test_starts_at_the_same_time_agree(tmp_path: Path) -> None:
    for attempt in range(20):
        settings = Settings(jwt_keys_folder=tmp_path / str(attempt))
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda _, s=settings: load_keys(s).access.kid, range(8)))
        assert len(set(made)) == 1
        assert len(list((tmp_path / str(attempt)).iterdir())) == 1


async def test_a_rotation_signs_nobody_out(settings: pytest.MonkeyPatch, start: StartService, tmp_path: Path) -> None:
    former, following = write_key(tmp_path / "former.pem"), write_key(tmp_path / "following.pem")
    (tmp_path / "former.pub").write_bytes(former.as_pem(private=False))
    (tmp_path / "following.pub").write_bytes(following.as_pem(private=False))

    settings.setenv("JWT_PRIVATE_KEY_FILE", str(tmp_path / "former.pem"))
    settings.setenv("JWT_SECOND_PUBLIC_KEY_FILE", str(tmp_path / "following.pub"))
    async with start() as before:
        await before.register("ann@example.test")
        old = await before.login("ann@example.test")
        assert part(old["access_token"], 0)["kid"] == former.kid
        announced = await jwks(before)

    settings.setenv("JWT_PRIVATE_KEY_FILE", str(tmp_path / "following.pem"))
    settings.setenv("JWT_SECOND_PUBLIC_KEY_FILE", str(tmp_path / "former.pub"))
    async with start() as after:
        refreshed = await after.post("/refresh", {"refresh_token": old["refresh_token"]})
        assert refreshed.status_code == 200
        new = refreshed.json()["access_token"]
        assert part(new, 0)["kid"] == following.kid
        published = await jwks(after)
        for document in (announced, published):
            for token in (old["access_token"], new):
                jwt.decode(token, key_set(document), algorithms=["ES256"])
        assert "d" not in {name for key in published["keys"] for name in key}
        assert (await after.sign_out_everywhere(old["access_token"])).status_code == 204

    settings.delenv("JWT_SECOND_PUBLIC_KEY_FILE")
    async with start() as done:
        assert await done.refreshed_status(old["refresh_token"]) == 401


def test_a_second_key_never_signs_even_if_it_could(tmp_path: Path) -> None:
    second = write_key(tmp_path / "second.pem")
    keys = load_keys(Settings(jwt_keys_folder=tmp_path, jwt_second_public_key_file=tmp_path / "second.pem"))
    assert second.kid not in (keys.access.kid, keys.refresh.kid)
    assert [sorted(key) for key in keys.jwks()["keys"]] == [["alg", "crv", "kid", "kty", "use", "x", "y"]] * 2


@pytest.mark.parametrize("variable", ["JWT_PRIVATE_KEY_FILE", "JWT_SECOND_PUBLIC_KEY_FILE"])
@pytest.mark.parametrize("content", [None, b"", b"garbage", "rsa", "P-384"])
def test_an_unusable_key_file_stops_the_start(
    settings: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], variable: str, content: Any
) -> None:
    file = tmp_path / "key.pem"
    if content == "rsa":
        content = RSAKey.generate_key(2048).as_pem(private=True)
    elif content == "P-384":
        content = ECKey.generate_key("P-384").as_pem(private=True)
    if content is not None:
        file.write_bytes(content)
    settings.setenv(variable, str(file))
    with pytest.raises(SystemExit) as stopped:
        create_app()
    assert stopped.value.code == 78
    assert f"Can't start, the key file {file} is not usable" in capsys.readouterr().err


def test_a_public_key_can_not_be_the_private_one(
    settings: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = write_key(tmp_path / "key.pem")
    (tmp_path / "key.pem").write_bytes(key.as_pem(private=False))
    settings.setenv("JWT_PRIVATE_KEY_FILE", str(tmp_path / "key.pem"))
    with pytest.raises(SystemExit) as stopped:
        create_app()
    assert stopped.value.code == 78
    assert "has no private key" in capsys.readouterr().err


def test_a_folder_that_can_not_hold_a_key_stops_the_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As in a container, whose root can't be written to."""
    (tmp_path / "file").write_text("no folder")
    folder = tmp_path / "file" / "keys"
    with pytest.raises(SystemExit) as end:
        load_keys(Settings(jwt_keys_folder=folder))
    assert end.value.code == 78
    said = f"Can't start, no key can be made in {folder}, and JWT_PRIVATE_KEY_FILE names none: "
    assert capsys.readouterr().err.startswith(said)
