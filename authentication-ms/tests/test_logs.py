"""Logs never contain a password or a token, not even when something breaks."""

import pytest
from authentication.repositories.users import Users
from authentication_testing import StartService, assert_signed_out, cookie_in

SECRET = "hunter2-hunter2"


async def test_no_secret_is_logged(
    settings: pytest.MonkeyPatch, start: StartService, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.setenv("LOG_LEVEL", "DEBUG")
    body = {"email": "ann@example.test", "password": SECRET}
    async with start() as service:
        await service.register("ann@example.test", SECRET)
        signed_in = await service.post("/login", body)
        session, tokens = cookie_in(signed_in), dict(signed_in.json())
        following = await service.next_turn(session)
        for cookie in (session, following, following + "x", tokens["refresh_token"]):
            await service.send_cookie("/refresh", cookie)
        assert_signed_out(await service.send_cookie("/refresh", session))
        await service.send_cookie("/logout", following)
        await service.post("/register", body)
        await service.post("/login", body | {"password": SECRET + "x"})
        await service.post("/login", body | {"password": [SECRET]})
        await service.client.post("/login", content=f'{{"password": "{SECRET}')
        await service.refreshed_status(tokens["refresh_token"])
        await service.refreshed_status(tokens["refresh_token"] + "x")
        await service.sign_out_everywhere(tokens["access_token"])
        await service.sign_out_everywhere(tokens["access_token"] + "x")

        async def broken(self: Users, email: str) -> None:
            raise RuntimeError("broken on purpose")

        settings.setattr(Users, "find", broken)
        answer = await service.post("/login", body)
        assert (answer.status_code, answer.json()["detail"]) == (500, "Internal error")
        assert (await service.post("/refresh", {"refresh_token": tokens["refresh_token"]})).status_code == 500
        assert (await service.send_cookie("/refresh", following)).status_code == 500
        key = service.app.state.keys.access.as_pem(private=True).decode()
    logged = capsys.readouterr().err
    assert logged.count('"path": "/login"') >= 4
    assert "broken on purpose" in logged
    assert "a session token was used twice" in logged
    given = [*tokens.values(), session, following]
    for secret in (SECRET, *given, *(token.split(".")[2] for token in given), key.split("\n")[1], "refresh_token="):
        assert secret not in logged
