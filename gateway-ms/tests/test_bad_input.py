"""Nothing a client can send makes the gateway fail, or the service see a request that was not one."""

import json

import pytest
from gateway_testing import Stack, wait_until
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

GET = b"GET /api/products HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
POST = b"POST /api/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"

# Each is answered with this status, and the service sees nothing of it.
REFUSED = [
    (b"GET /api/products?name=\xd1\x87 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET /api/products?name=a b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET /api/products\xff HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET /api/products%00 HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    (b"GET /api/products/%ff%fe/x HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    (b"GET /api/products;a=b HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    (b"GET * HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    (b"GET api/products HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"CONNECT elsewhere:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"TRACE /api/products HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    (b"PROPFIND /api/products HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    (b"BREW /api/products HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET /api/products HTTP/9.9\r\nHost: x\r\n\r\n", 400),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    (GET + b"Host: y\r\n\r\n", 400),
    (GET + b"X-Name: \xff\xfe\r\n\r\n", 400),
    (GET + b"X-Name: a\x00b\r\n\r\n", 400),
    (GET + b"X-Name: a\rb\r\n\r\n", 400),
    (GET + b"X Name: a\r\n\r\n", 400),
    (GET + b"X-Name : a\r\n\r\n", 400),
    (GET + b": a\r\n\r\n", 400),
    (GET + b" folded\r\n\r\n", 400),
    (GET + b"X: " + b"x" * 100_000 + b"\r\n\r\n", 431),
    (GET + b"X: y\r\n" * 10_000 + b"\r\n", 431),
    (POST + b"Content-Length: -1\r\n\r\n", 400),
    (POST + b"Content-Length: +2\r\n\r\n{}", 400),
    (POST + b"Content-Length: 2, 2\r\n\r\n{}", 400),
    (POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
    (POST + b"Content-Length: 0x2\r\n\r\n{}", 400),
    (POST + b"Content-Length: \r\n\r\n{}", 400),
    (POST + b"Content-Length: 99999999999999999999999\r\n\r\n{}", 400),
    (POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: gzip\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400),
]


@pytest.mark.parametrize(("sent", "status"), REFUSED, ids=[sent[:80].decode("latin-1") for sent, _ in REFUSED])
def test_what_is_no_request_is_refused(stack: Stack, sent: bytes, status: int) -> None:
    answer = stack.raw(sent, seconds=0.5)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    assert isinstance(json.loads(body.split(b"\r\n")[0])["detail"], str)
    assert stack.service.seen == []


def test_what_follows_a_body_of_doubtful_length_is_not_read(stack: Stack) -> None:
    first = b"POST /api/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"
    answer = stack.raw(first + GET + b"\r\n", seconds=1)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert stack.service.seen == []


def test_a_chunk_that_is_none_never_becomes_a_complete_request(stack: Stack) -> None:
    stack.raw(POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nZZ\r\n", seconds=0.5)
    wait_until(lambda: all(seen.left for seen in stack.service.seen))
    assert not any(seen.complete for seen in stack.service.seen)


def test_an_upgrade_cannot_hide_a_body(stack: Stack) -> None:
    upgrade = b"POST /api/login HTTP/1.1\r\nHost: x\r\nConnection: close, upgrade\r\nUpgrade: websocket\r\n"
    answer = stack.raw(upgrade + b"Content-Length: 2\r\n\r\n{}", seconds=1)
    assert answer.split(b" ")[1] in (b"200", b"400")
    assert all(seen.body == b"{}" for seen in stack.service.seen if seen.complete)


def test_two_requests_in_one_packet_are_two(stack: Stack) -> None:
    answer = stack.raw(b"GET /api/products HTTP/1.1\r\nHost: x\r\n\r\n" + GET + b"\r\n", seconds=1)
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert len(stack.service.seen) == 2


def test_an_old_client_is_served(stack: Stack) -> None:
    assert stack.raw(b"GET /api/products HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 OK")


LETTERS = "/api%.?#&=;:@!$'()*+,-_~AZaz09{}[]|\\^`\"<> \t\r\n\x00\x7fé"


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    verb=st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "DELETE", "TRACE"]),
    path=st.one_of(
        st.text(LETTERS, max_size=20), st.text(LETTERS, max_size=12).map(lambda tail: "/api/products" + tail)
    ),
    name=st.text(LETTERS, max_size=10),
    value=st.binary(max_size=20),
)
def test_no_request_makes_the_gateway_fail(stack: Stack, verb: str, path: str, name: str, value: bytes) -> None:
    sent = f"{verb} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{name}: ".encode() + value + b"\r\n\r\n"
    # A value may hold the end of the headers and begin another request: one connection, one answer at least.
    status = int(stack.raw(sent, seconds=0.5)[9:12] or b"400")
    assert 200 <= status < 500
