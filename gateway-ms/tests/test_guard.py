"""Who passes: tokens are verified once, remembered until they expire, and only if they proved good."""

import threading
import time
from typing import Any

import httpx2
import pytest
from gateway.guard import Guard
from gateway.routes import Who
from gateway_testing import Server, Stack, bearer, new_key, problem, token
from joserfc.jwk import OctKey
from shop_kit import identity
from shop_kit.errors import NotSignedInError
from shop_kit.identity import Caller, TokenVerifier
from shop_kit.settings import TokenSettings

SECRET = "a secret of thirty-two characters"


def ask(
    stack: Stack, headers: dict[str, str], path: str = "/api/orders", gateway: Server | None = None
) -> httpx2.Response:
    return stack.client.get((gateway or stack.gateway).url + path, headers=headers)


def test_a_good_token_reaches_the_service_as_it_was_sent(stack: Stack) -> None:
    headers = bearer()
    assert ask(stack, headers).status_code == 200
    assert stack.service.seen[0].values("authorization") == [headers["Authorization"]]


def test_bad_tokens_are_refused_and_the_service_sees_nothing(stack: Stack) -> None:
    forged = token(key=new_key("first"))
    head, claims, signature = token().split(".")
    bad = {
        forged: "Incorrect token",
        "garbage": "Incorrect token",
        "a.b.c": "Incorrect token",
        f"{head}.{claims}.": "Incorrect token",
        f"{head}.{claims}x.{signature}": "Incorrect token",
        token(seconds=-1): "Token expired",
        token(role="root"): "Incorrect token",
        token(exp=float("1e300")): "Incorrect token",
        token(exp=True): "Incorrect token",
        token(key=OctKey.import_key(SECRET), alg="HS256"): "Incorrect token",
        "eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYWRtaW4ifQ.": "Incorrect token",
    }
    for sent, text in bad.items():
        answer = ask(stack, {"Authorization": f"Bearer {sent}"})
        assert (problem(answer), answer.headers["www-authenticate"]) == ((401, text), "Bearer"), sent
    assert stack.service.seen == []


@pytest.mark.parametrize("header", ["", "Bearer", "Basic YWFhOmFhYQ==", "Token x", "Bearer,x"])
def test_no_token_is_named_so(stack: Stack, header: str) -> None:
    assert problem(ask(stack, {"Authorization": header})) == (401, "You have no access to this resource!")
    assert stack.service.seen == []


def test_two_tokens_are_refused_whichever_is_good(stack: Stack) -> None:
    good = bearer("admin")["Authorization"].encode()
    for path in (b"/api/orders", b"/api/products"):
        answer = stack.raw(
            b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: %s\r\nAuthorization: Bearer x\r\n\r\n"
            % (path, good)
        )
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert b"More than one Authorization header" in answer
    assert stack.service.seen == []


def test_on_public_routes_the_service_judges_the_token(stack: Stack) -> None:
    assert ask(stack, {"Authorization": "Bearer garbage"}, "/api/products").status_code == 200
    assert stack.service.seen[0].values("authorization") == ["Bearer garbage"]


def test_hs256(stack: Stack) -> None:
    gateway = stack.new_gateway(jwt_token_alg="HS256", jwt_access_token_secret_key=SECRET)
    good: dict[str, Any] = {"key": OctKey.import_key(SECRET), "alg": "HS256"}
    assert ask(stack, bearer(**good), gateway=gateway).status_code == 200
    wrong: dict[str, Any] = {"key": OctKey.import_key(SECRET[::-1]), "alg": "HS256"}
    for refused in (bearer(**wrong), bearer()):
        assert problem(ask(stack, refused, gateway=gateway)) == (401, "Incorrect token")


def test_without_its_secret_hs256_does_not_start(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        stack.new_gateway(jwt_token_alg="HS256")
    assert stopped.value.code == 78
    assert "JWT_ACCESS_TOKEN_SECRET_KEY is missing" in capsys.readouterr().err


def test_an_unknown_key_makes_the_keys_be_read_again(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = stack.new_gateway()
    assert ask(stack, bearer(), gateway=gateway).status_code == 200
    newer = new_key("second")
    stack.service.keys = [newer]
    reads = stack.service.key_reads
    assert problem(ask(stack, bearer(key=newer), gateway=gateway)) == (401, "Incorrect token")
    assert stack.service.key_reads == reads, "the keys were read a moment ago"
    monkeypatch.setattr(identity, "RELOAD_SECONDS", 0.0)
    assert ask(stack, bearer(key=newer), gateway=gateway).status_code == 200
    assert stack.service.key_reads == reads + 1


def test_while_the_keys_cannot_be_read_the_answer_is_503(stack: Stack) -> None:
    gateway = stack.new_gateway("http://127.0.0.1:9")
    answer = ask(stack, bearer(), gateway=gateway)
    assert (problem(answer), answer.headers["retry-after"]) == ((503, "Service unavailable!"), "1")


class Counting(TokenVerifier):
    """A verifier that knows the tokens `good...`, and counts."""

    def __init__(self, seconds: float = 900):
        super().__init__(TokenSettings())
        self.asked: list[str] = []
        self.seconds = seconds

    async def _verify(self, token: str) -> Caller:
        self.asked.append(token)
        if not token.startswith("good"):
            raise NotSignedInError("Incorrect token")
        return Caller("aaa@aaa.com", "user", int(time.time() + self.seconds))


async def test_a_token_is_verified_once_until_it_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    verifier = Counting(seconds=100)
    guard = Guard(verifier)
    for _ in range(3):
        await guard.admit(Who.SIGNED_IN, "Bearer good")
    assert verifier.asked == ["good"]
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 101)
    await guard.admit(Who.SIGNED_IN, "Bearer good")
    assert verifier.asked == ["good", "good"]


async def test_garbage_pushes_no_good_token_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "REMEMBERED", 3)
    verifier = Counting()
    guard = Guard(verifier)
    await guard.admit(Who.SIGNED_IN, "Bearer good")
    for n in range(10):
        with pytest.raises(NotSignedInError):
            await guard.admit(Who.SIGNED_IN, f"Bearer bad{n}")
    await guard.admit(Who.SIGNED_IN, "Bearer good")
    assert verifier.asked.count("good") == 1


async def test_the_memory_is_bounded_and_forgets_the_least_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "REMEMBERED", 2)
    verifier = Counting()
    guard = Guard(verifier)
    for good in ("good1", "good2", "good1", "good3", "good1", "good2"):
        await guard.admit(Who.SIGNED_IN, f"Bearer {good}")
    assert verifier.asked == ["good1", "good2", "good3", "good2"]


def test_a_token_expires_in_the_gateway_too(stack: Stack) -> None:
    headers = bearer(seconds=2)
    assert ask(stack, headers).status_code == 200
    threading.Event().wait(2.1)
    assert problem(ask(stack, headers)) == (401, "Token expired")
    assert len(stack.service.seen) == 1
