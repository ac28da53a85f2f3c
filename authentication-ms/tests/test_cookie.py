"""The cookie itself: who is given one, with which attributes, and when it is taken away."""

import json
from typing import Any

import pytest
from authentication_testing import (
    ANN,
    REMOVED,
    Rows,
    Service,
    StartService,
    assert_signed_out,
    claims,
    cookie_in,
)
from pymongo import AsyncMongoClient

CREDENTIALS = {"email": ANN, "password": "secret words"}
ATTRIBUTES = "Max-Age=2592000; Path=/api; HttpOnly; SameSite=Strict"


@pytest.mark.parametrize(("environment", "secure"), [("production", "; Secure"), ("development", "")])
async def test_signing_in_gives_it(
    settings: pytest.MonkeyPatch, start: StartService, clock: list[float], environment: str, secure: str
) -> None:
    settings.setenv("ENVIRONMENT", environment)
    async with start() as service:
        await service.register(ANN)
        answer = await service.post("/login", CREDENTIALS)
        token = cookie_in(answer)
        assert answer.headers.get_list("set-cookie") == [f"refresh_token={token}; {ATTRIBUTES}{secure}"]
        assert list(answer.json()) == ["access_token", "refresh_token"]
        assert token not in answer.text
        clock[0] += 60
        refreshed = await service.send_cookie("/refresh", token)
        header = f"refresh_token={cookie_in(refreshed)}; {ATTRIBUTES}{secure}".replace("2592000", "2591940")
        assert refreshed.headers.get_list("set-cookie") == [header]
        removed = (await service.send_cookie("/logout", token)).headers.get_list("set-cookie")
        assert removed == [REMOVED.removesuffix("; Secure") + secure]


@pytest.mark.parametrize("said", [None, "text/plain", "application/x-www-form-urlencoded", "TEXT/PLAIN; charset=utf-8"])
async def test_what_a_foreign_page_may_send_gives_none(service: Service, families: Rows, said: str | None) -> None:
    """A form can say these types to another site, and a browser would keep the cookie of the answer."""
    await service.register(ANN)
    headers = {"Content-Type": said} if said else {}
    answer = await service.client.post("/login", content=json.dumps(CREDENTIALS), headers=headers)
    assert (answer.status_code, list(answer.json())) == (200, ["access_token", "refresh_token"])
    assert "set-cookie" not in answer.headers
    assert await families.count_documents({}) == 0


@pytest.mark.parametrize("wrong", [{"password": "x"}, {"email": "nobody"}, {"password": ""}])
async def test_a_refused_sign_in_gives_none(service: Service, families: Rows, wrong: dict[str, str]) -> None:
    await service.register(ANN)
    answer = await service.post("/login", CREDENTIALS | wrong)
    assert answer.status_code in (400, 401, 422)
    assert "set-cookie" not in answer.headers
    assert await families.count_documents({}) == 0


BODIES: list[tuple[bytes, str | None]] = [
    (b"", None), (b"", "application/json"), (b"", "text/plain"), (b"{}", None), (b"{}", "application/json"),
    (b"null", None), (b'{"refresh_token": null}', "application/json"), (b'{"other": 1}', None),
]  # fmt: skip


@pytest.mark.parametrize(("body", "said"), BODIES)
async def test_without_a_token_in_the_body_the_cookie_counts(service: Service, body: bytes, said: str | None) -> None:
    await service.register(ANN)
    headers = {"Cookie": f"theme=dark; refresh_token={await service.sign_in()}"} | (
        {"Content-Type": said} if said else {}
    )
    answer = await service.client.post("/refresh", content=body, headers=headers)
    assert claims(cookie_in(answer))["turn"] == 1
    assert list(answer.json()) == ["access_token"]
    assert (answer.headers["Token-Type"], answer.headers["Cache-Control"]) == ("Bearer", "no-store")
    assert claims(answer.json()["access_token"])["email"] == ANN
    refused = await service.client.post("/refresh", content=body, headers={"Content-Type": said} if said else {})
    assert (refused.status_code, refused.json()["detail"]) == (401, "Incorrect token")
    # A foreign page's request comes without the cookie: its answer must not remove it.
    assert "set-cookie" not in refused.headers


async def test_a_token_in_the_body_wins_and_works_as_it_always_did(service: Service, families: Rows) -> None:
    await service.register(ANN)
    token = await service.sign_in()
    before = await families.find().to_list()
    body = {"refresh_token": (await service.login(ANN))["refresh_token"]}
    await families.delete_many({"_id": {"$ne": before[0]["_id"]}})
    alone = await service.post("/refresh", body)
    beside = await service.send_cookie("/refresh", token, body)
    for answer in (alone, beside):
        assert (answer.status_code, list(answer.json())) == (200, ["access_token"])
        assert sorted(answer.headers) == [
            "cache-control",
            "content-length",
            "content-type",
            "token-type",
            "x-request-id",
        ]
    for wrong in (*({"refresh_token": said} for said in ("x", "", 5, token)), []):
        answer = await service.send_cookie("/refresh", token, wrong)
        assert (answer.status_code, answer.json()["detail"]) == (401, "Incorrect token")
        assert "set-cookie" not in answer.headers
    malformed = await service.client.post("/refresh", content=b"{", headers={"Cookie": f"refresh_token={token}"})
    assert (malformed.status_code, "set-cookie" in malformed.headers) == (400, False)
    assert await families.find().to_list() == before


async def test_signing_out_ends_the_session_and_no_other(service: Service, families: Rows) -> None:
    await service.register(ANN)
    body = {"refresh_token": (await service.login(ANN))["refresh_token"]}
    mine, other = await service.sign_in(), await service.sign_in()
    following = await service.next_turn(mine)
    answer = await service.send_cookie("/logout", following)
    assert (answer.status_code, answer.content, answer.headers.get_list("set-cookie")) == (204, b"", [REMOVED])
    for token in (mine, following):
        assert_signed_out(await service.send_cookie("/refresh", token))
    assert await service.next_turn(other)
    assert (await service.post("/refresh", body)).status_code == 200
    assert await families.count_documents({"_id": claims(mine)["family"]}) == 0


@pytest.mark.parametrize("cookie", [None, "", "x", "a.b.c", "é", "refresh token", '"', "=" * 5000])
async def test_signing_out_works_without_a_session(service: Service, families: Rows, cookie: str | None) -> None:
    await service.register(ANN)
    await service.sign_in()
    for _ in range(2):
        answer = await (service.post("/logout") if cookie is None else service.send_cookie("/logout", cookie))
        expected = [] if cookie is None else [REMOVED]
        assert (answer.status_code, answer.content, answer.headers.get_list("set-cookie")) == (204, b"", expected)
    assert await families.count_documents({"turn": 0}) == 1


async def test_an_outage_takes_nothing_away(service: Service, settings: pytest.MonkeyPatch) -> None:
    await service.register(ANN)
    token = await service.sign_in()
    nowhere: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient("mongodb://127.0.0.1:1", serverSelectionTimeoutMS=50)
    with pytest.MonkeyPatch.context() as down:
        down.setattr(service.app.state.sessions.families, "_families", nowhere.shop.families)
        for path in ("/refresh", "/logout"):
            answer = await service.send_cookie(path, token)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
            assert "set-cookie" not in answer.headers
        assert "set-cookie" not in (await service.post("/login", CREDENTIALS)).headers
    await nowhere.close()
    assert claims(await service.next_turn(token))["turn"] == 1
