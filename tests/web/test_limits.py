"""How much one client may ask for: exactly that, each for itself, and a refusal that says when to come back."""

import contextlib
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from tests.web.conftest import PAGE, Front, client, problem
from tests.web.test_pages import said, secured
from tests.web.upstream import Upstream

TOO_MANY = (429, "application/problem+json", "Too many requests")


def refused(answer: httpx2.Response) -> bool:
    assert problem(answer) == TOO_MANY
    assert answer.json() == {
        "type": "about:blank",
        "title": "Too Many Requests",
        "status": 429,
        "detail": "Too many requests",
    }
    assert said(answer, "Retry-After", "Cache-Control") == {"Retry-After": ["1"], "Cache-Control": []}
    return secured(answer)


@pytest.mark.parametrize(
    ("own", "verb", "path", "at_once", "a_second"),
    [
        ("127.0.0.2", "POST", "/api/login", 31, 1),
        ("127.0.0.3", "POST", "/api/register", 31, 1),
        ("127.0.0.4", "POST", "/api/refresh", 51, 5),
        ("127.0.0.5", "GET", "/api/products", 201, 50),
    ],
)
def test_a_client_may_ask_that_often(
    front: Front, gateway: Upstream, own: str, verb: str, path: str, at_once: int, a_second: int
) -> None:
    with client(front.port, own) as http:
        begun = time.monotonic()
        answers = [http.request(verb, path) for _ in range(at_once + 30)]
        took = time.monotonic() - begun
        allowed = [answer for answer in answers if answer.status_code != 429]
        assert at_once <= len(allowed) <= at_once + a_second * took
        assert len(gateway.arrived) == len(allowed)
        assert all(refused(answer) for answer in answers if answer.status_code == 429)
        assert len(answers) > len(allowed)
        # Whoever waits as long as it was told to is served again.
        time.sleep(1)
        assert http.request(verb, path).status_code != 429


def test_signing_in_and_registering_share_a_limit_and_nothing_else(front: Front, gateway: Upstream) -> None:
    with client(front.port, "127.0.0.6") as http:
        for _ in range(20):
            http.post("/api/login")
            http.post("/api/register")
        assert http.post("/api/login").status_code == 429
        assert http.get("/api/products").status_code == 200
        assert http.post("/api/refresh").status_code == 404
    with client(front.port, "127.0.0.7") as another:
        assert another.post("/api/login").status_code == 200


@pytest.mark.parametrize("path", ["/api//login", "/api/./login", "/api/%6cogin", "/api/login?a=b", "/api/x/../login"])
def test_no_other_spelling_gets_past(front: Front, gateway: Upstream, path: str) -> None:
    with client(front.port, f"127.0.1.{len(path)}") as http:
        for _ in range(32):
            answer = http.build_request("POST", path)
            answer.extensions["target"] = path.encode()
            last = http.send(answer)
        assert last.status_code == 429


def test_pages_and_files_are_not_counted(front: Front) -> None:
    with client(front.port, "127.0.0.8") as http:
        assert Counter(http.get(path).status_code for path in ["/", "/assets/index-77ab.css"] * 150) == {200: 300}


def test_a_client_may_have_300_requests_open(front: Front, gateway: Upstream) -> None:
    """Each follows its orders and waits for the next event."""
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(30) as pool:
        stack.callback(gateway.go_on.set)

        def follow(_: int) -> httpx2.Response:
            http = stack.enter_context(client(front.port, "127.0.0.9"))
            return stack.enter_context(http.stream("GET", "/api/orders/events?close"))

        first = list(pool.map(follow, range(190)))
        time.sleep(2.5)  # so that it is not their rate that is refused
        first += list(pool.map(follow, range(110)))
        assert Counter(answer.status_code for answer in first) == {200: 300}
        with client(front.port, "127.0.0.9") as one_more, client(front.port, "127.0.0.10") as another:
            assert refused(one_more.get("/api/products"))
            assert refused(one_more.get("/"))
            assert another.get("/").content == PAGE
