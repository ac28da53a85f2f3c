"""What nginx passes on to the gateway and back, and what it answers itself when it can't."""

import contextlib
import gzip
import socket

import httpx2
import pytest
from local_stack.ports import LOOPBACK

from tests.web.conftest import PAGE, Front, problem
from tests.web.test_pages import SECURITY, said, secured
from tests.web.upstream import OWN_POLICY, PROBLEM, PRODUCTS, Upstream

MIB = 1024 * 1024


def test_a_request_arrives_as_it_was_sent(front: Front, http: httpx2.Client, gateway: Upstream) -> None:
    sent = {"Authorization": "Bearer t", "Cookie": "refresh_token=r", "Idempotency-Key": "k", "Origin": "http://a.test"}
    claims = {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "gopher"}
    http.post("/api/orders%2F1?q=a%20b&q=%C3%A4", content=b'{"products":[]}', headers=sent | claims)
    (arrived,) = gateway.arrived
    assert (arrived.verb, arrived.path) == ("POST", "/api/orders%2F1?q=a%20b&q=%C3%A4")
    assert arrived.body == b'{"products":[]}'
    headers = httpx2.Headers(arrived.headers)
    assert {name: headers.get_list(name) for name in sent} == {name: [value] for name, value in sent.items()}
    assert headers.get_list("Host") == [f"{LOOPBACK}:{front.port}"]
    assert headers.get_list("X-Forwarded-For") == [LOOPBACK]
    assert headers.get_list("X-Forwarded-Proto") == ["http"]


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/no/such", "/api/index.html", "/api/assets/index-3f2a.js"])
def test_the_page_is_never_the_answer_of_the_api(http: httpx2.Client, gateway: Upstream, path: str) -> None:
    answer = http.get(path)
    assert (answer.status_code, answer.content) == (404, PROBLEM)
    assert [arrived.path for arrived in gateway.arrived] == [path]


def test_each_request_has_a_connection_of_its_own(http: httpx2.Client, gateway: Upstream) -> None:
    """On a kept one, a gateway that ends could cut off what was sent to it meanwhile."""
    for path in ("/api/products", "/api/products/chair/picture", "/api/products"):
        http.get(path)
    assert len({arrived.connection for arrived in gateway.arrived}) == 3
    assert [httpx2.Headers(arrived.headers).get_list("Connection") for arrived in gateway.arrived] == [["close"]] * 3


def test_answers_come_back_whole_and_get_what_they_lack(http: httpx2.Client, gateway: Upstream) -> None:
    answer = http.get("/api/login")
    assert answer.headers.get_list("Set-Cookie") == ["a=1", "b=2"]
    assert said(answer, "Cache-Control", "Retry-After") == {"Cache-Control": [], "Retry-After": []}
    assert secured(answer)


def test_the_policy_that_an_answer_has_of_its_own_counts(http: httpx2.Client, gateway: Upstream) -> None:
    assert said(http.get("/api/docs"), *SECURITY) == {
        name: [OWN_POLICY if name == "Content-Security-Policy" else value] for name, value in SECURITY.items()
    }
    assert said(http.get("/api/pictures/chair.webp"), "Cache-Control") == {"Cache-Control": ["public, max-age=60"]}


@pytest.mark.parametrize(("path", "body"), [("/api/products", PRODUCTS), ("/api/no/such", PROBLEM)])
def test_json_is_compressed(http: httpx2.Client, gateway: Upstream, path: str, body: bytes) -> None:
    with http.stream("GET", path, headers={"Accept-Encoding": "gzip", "Via": "1.1 another"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert said(answer, "Content-Encoding", "Vary") == {"Content-Encoding": ["gzip"], "Vary": ["Accept-Encoding"]}
    assert gzip.decompress(raw) == body


def test_pictures_are_not_compressed_again(http: httpx2.Client, gateway: Upstream) -> None:
    answer = http.get("/api/pictures/chair.webp", headers={"Accept-Encoding": "gzip"})
    assert ("Content-Encoding" in answer.headers, len(answer.content)) == (False, 3500)


@pytest.mark.parametrize("framing", ["chunked", "close"])
def test_each_event_comes_at_once(http: httpx2.Client, gateway: Upstream, framing: str) -> None:
    """The second is said only after the first has arrived."""
    with http.stream("GET", f"/api/orders/events?{framing}", headers={"Accept-Encoding": "gzip"}) as answer:
        pieces = answer.iter_raw()
        assert next(pieces) == b"event: ready\n\n"
        gateway.go_on.set()
        assert b"".join(pieces) == b"event: order\n\n"
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert secured(answer)


@pytest.mark.parametrize(("verb", "path", "mib"), [("POST", "/api/orders", 2), ("PUT", "/api/products/a/picture", 6)])
def test_a_body_may_be_a_little_larger_than_the_gateway_takes(
    http: httpx2.Client, gateway: Upstream, verb: str, path: str, mib: int
) -> None:
    assert http.request(verb, path, content=bytes(mib * MIB)).status_code == 404
    assert [len(arrived.body) for arrived in gateway.arrived] == [mib * MIB]
    answer = http.request(verb, path, content=bytes(mib * MIB + 1))
    assert problem(answer) == (413, "application/problem+json", "The request body is too large")
    assert secured(answer)
    assert len(gateway.arrived) == 1


def test_the_gateway_judges_long_headers(http: httpx2.Client, gateway: Upstream) -> None:
    http.get("/api/products?q=" + "a" * 33_000, headers={"Accept": "b" * 33_000})
    assert len(gateway.arrived) == 1


def unavailable(answer: httpx2.Response) -> bool:
    assert problem(answer) == (503, "application/problem+json", "Service unavailable!")
    assert said(answer, "Retry-After", "Cache-Control") == {"Retry-After": ["1"], "Cache-Control": []}
    return secured(answer)


def test_a_gateway_that_is_down_is_unavailable_and_asked_again_at_once(front: Front, http: httpx2.Client) -> None:
    for path in ("/api/products", "/api/orders/events", "/api/products/a/picture"):
        assert unavailable(http.get(path))
    assert http.get("/").content == PAGE
    with Upstream(front.gateway_port):
        assert http.get("/api/products").content == PRODUCTS


def test_a_gateway_that_breaks_off_is_unavailable(http: httpx2.Client, gateway: Upstream) -> None:
    """What was posted may have happened: it is not sent twice."""
    assert unavailable(http.post("/api/breaks-off", content=b"{}"))
    assert len(gateway.arrived) == 1


def test_a_gateway_that_takes_no_connection_is_unavailable(front: Front, http: httpx2.Client) -> None:
    with contextlib.ExitStack() as stack:
        deaf = stack.enter_context(socket.socket())
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        deaf.bind((LOOPBACK, front.gateway_port))
        deaf.listen(0)
        # This one fills the queue of those who wait to be accepted.
        stack.enter_context(socket.create_connection((LOOPBACK, front.gateway_port), 5))
        assert unavailable(http.get("/api/products"))


def test_the_gateways_own_refusal_stays_as_it_is(http: httpx2.Client, gateway: Upstream) -> None:
    answer = http.get("/api/busy")
    assert (answer.status_code, answer.content) == (503, b"{}")
    assert said(answer, "Retry-After") == {"Retry-After": ["7"]}
