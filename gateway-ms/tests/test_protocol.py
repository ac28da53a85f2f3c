"""What is refused before a request is whole: heads without end, slow heads, and trailers that want to be headers."""

import contextlib
import socket
import time

import pytest
from gateway import protocol
from gateway_testing import Seen, Stack, token, wait_until
from starlette.types import Receive, Send

HEAD = b"GET /api/products HTTP/1.1\r\nHost: x\r\n"
CHUNKED = b"POST /api/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


def flood(stack: Stack, begin: bytes, more: bytes) -> tuple[int, bytes]:
    """How many bytes of `more` after `begin` are taken within two seconds, and what is answered."""
    sent, answer = 0, b""
    with socket.create_connection(("127.0.0.1", stack.gateway.port), timeout=2) as client:
        try:
            client.sendall(begin)
            while sent < 20_000_000:
                sent += client.send(more)
            answer = client.recv(10_000)
        except OSError:
            pass
    return sent, answer


@pytest.mark.parametrize(
    ("begin", "more"),
    [
        (b"GET /" + b"a" * 100, b"a" * 10_000),
        (HEAD + b"X: ", b"a" * 10_000),
        (HEAD, b"X: y\r\n" * 1_000),
        (b"", b"\r\n" * 5_000),
        (CHUNKED + b"0\r\nX: ", b"a" * 10_000),
        (CHUNKED + b"0\r\n", b"X: y\r\n" * 1_000),
        (CHUNKED + b"1;", b"a" * 10_000),
    ],
    ids=["target", "header", "headers", "blank lines", "trailer", "trailers", "chunk extension"],
)
def test_what_never_ends_is_cut_off(stack: Stack, begin: bytes, more: bytes) -> None:
    sent, _ = flood(stack, begin, more)
    assert sent < 20_000_000
    assert not any(seen.complete for seen in stack.service.seen)


def test_a_head_without_end_is_answered(stack: Stack) -> None:
    answer = stack.raw(HEAD + b"X: " + b"a" * 40_000, seconds=2)
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b"application/problem+json" in answer


def test_a_head_that_takes_too_long_is_answered(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.3)
    with socket.create_connection(("127.0.0.1", stack.gateway.port), timeout=0.05) as client:
        client.sendall(HEAD + b"X: ")
        answer, end = b"", time.monotonic() + 3
        while not answer and time.monotonic() < end:
            client.send(b"y")
            with contextlib.suppress(TimeoutError):
                answer = client.recv(1000)
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_what_is_no_request_after_one_never_gets_its_answer(stack: Stack) -> None:
    """A refusal in the middle of another request's answer, or before it, would be taken for that answer."""
    answer = stack.raw(b"GET /api/products HTTP/1.1\r\nHost: x\r\n\r\n\x00\x00", seconds=1)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 200 ")


def test_a_second_head_on_a_connection_may_not_take_for_ever_either(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.5)
    with socket.create_connection(("127.0.0.1", stack.gateway.port), timeout=3) as client:
        client.sendall(HEAD + b"\r\n")
        assert client.recv(10_000).startswith(b"HTTP/1.1 200 ")
        client.sendall(HEAD)
        assert client.recv(10_000).startswith(b"HTTP/1.1 408 ")
        assert client.recv(10_000) == b""
    assert len(stack.service.seen) == 1


def test_a_connection_on_which_nothing_comes_is_closed_without_a_word(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", stack.gateway.port), timeout=3) as client:
        assert client.recv(10_000) == b""


def test_a_trailer_is_no_header(stack: Stack) -> None:
    """A token after the body does not sign in, and nothing of a trailer reaches the service."""
    closing = CHUNKED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + b"2\r\n{}\r\n0\r\n"
    signed_in = b"Authorization: Bearer %s\r\n" % token().encode()
    assert stack.raw(closing.replace(b"/login", b"/orders") + signed_in + b"\r\n").startswith(b"HTTP/1.1 401 ")
    assert stack.service.seen == []
    answer = stack.raw(
        CHUNKED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + b"2\r\n{}\r\n0\r\nX-Said: y\r\n\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 200 ")
    wait_until(lambda: stack.service.seen)
    assert stack.service.seen[0].values("x-said") == []
    assert stack.service.seen[0].body == b"{}"


def test_a_client_that_leaves_with_requests_waiting_ends_the_one_that_is_answered(
    stack: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    async def slowly(seen: Seen, receive: Receive, send: Send) -> None:
        while not seen.left:
            await seen.read(receive)
            seen.left = seen.left or (await receive())["type"] == "http.disconnect"

    stack.service.answer = slowly
    with socket.create_connection(("127.0.0.1", stack.gateway.port)) as client:
        client.sendall((HEAD + b"\r\n") * 3)
        wait_until(lambda: stack.service.seen)
    wait_until(lambda: stack.service.seen[0].left)
    assert len(stack.service.seen) == 1
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
