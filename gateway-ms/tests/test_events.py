"""Streams of events pass as they come, end when either side ends them, and take no connection from other requests."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx2
import pytest
from gateway_testing import Seen, Server, Stack, bearer, problem, reply, wait_until
from joserfc.jwk import OctKey
from starlette.types import Receive, Send

HS256 = {"jwt_token_alg": "HS256", "jwt_access_token_secret_key": "a secret of thirty-two characters"}
SECRET = OctKey.import_key(HS256["jwt_access_token_secret_key"])
PATH = "/api/orders/events"
START = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]}


async def endless(seen: Seen, receive: Receive, send: Send) -> None:
    """One event, and then nothing until the other side is gone. Other requests are answered at once."""
    await seen.read(receive)
    if not seen.path.endswith("/events"):
        await reply(send)
        return
    await send(START)
    await send({"type": "http.response.body", "body": b"event: ready\ndata: {}\n\n", "more_body": True})
    seen.left = (await receive())["type"] == "http.disconnect"


@contextmanager
def listening(gateway: Server, **headers: str) -> Iterator[Iterator[bytes]]:
    """The chunks of an open stream, after its first event."""
    with httpx2.stream("GET", gateway.url + PATH, headers=bearer() | headers, timeout=10) as answer:
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream")
        chunks = answer.iter_raw()
        assert next(chunks) == b"event: ready\ndata: {}\n\n"
        yield chunks


def test_the_stream_is_for_those_who_are_signed_in(stack: Stack) -> None:
    assert problem(stack.client.get(PATH)) == (401, "You have no access to this resource!")
    assert stack.service.seen == []


def test_what_the_client_has_read_last_reaches_the_service(stack: Stack) -> None:
    stack.service.answer = endless
    with listening(stack.gateway, **{"Last-Event-ID": "820x"}):
        assert stack.service.seen[0].path == "/orders/orders/events"
        assert stack.service.seen[0].values("last-event-id") == ["820x"]


def test_a_client_that_leaves_ends_the_stream(stack: Stack) -> None:
    stack.service.answer = endless
    with listening(stack.gateway):
        assert not stack.service.seen[0].left
    wait_until(lambda: stack.service.seen[0].left, 1)


def test_a_service_that_ends_the_stream_ends_the_clients(stack: Stack) -> None:
    stack.service.answer = endless
    server = Server(stack.service, lifespan="off")
    gateway = stack.new_gateway(server.url)
    with listening(gateway) as chunks:
        threading.Thread(target=server.stop).start()
        assert b"".join(chunks) == b""


@pytest.mark.parametrize("sent", [b"", b"7\r\ndata: x\r\n", b"7\r\ndat"])
def test_a_stream_whose_service_dies_just_ends(stack: Stack, sent: bytes) -> None:
    """Wherever it is cut: what is no whole event, its reader leaves out."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gateway = stack.new_gateway(f"http://127.0.0.1:{listener.getsockname()[1]}", upstream_seconds="5", **HS256)

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
                )
                connection.sendall(b"2\r\n:\n\r\n" + sent)

        thread = threading.Thread(target=serve)
        thread.start()
        got = stack.client.get(gateway.url + PATH, headers=bearer(key=SECRET, alg="HS256"))
        thread.join()
    assert (got.status_code, got.content) == (200, b":\n" + {0: b"", 12: b"data: x", 6: b"dat"}[len(sent)])


def test_a_silent_stream_is_ended(stack: Stack) -> None:
    gateway = stack.new_gateway(idle_seconds="0.3")
    stack.service.answer = endless
    with listening(gateway) as chunks:
        assert b"".join(chunks) == b""
    wait_until(lambda: stack.service.seen[0].left)


def test_streams_take_no_connection_from_other_requests(stack: Stack) -> None:
    gateway = stack.new_gateway(upstream_connections="1", upstream_streams="3", upstream_seconds="0.5")
    stack.service.answer = endless
    with ExitStack() as open_streams:
        for _ in range(3):
            open_streams.enter_context(listening(gateway))
        for _ in range(3):
            assert httpx2.get(gateway.url + "/api/products").status_code == 200
        answer = httpx2.get(gateway.url + PATH, headers=bearer())
        assert problem(answer) == (503, "Service unavailable!")
    with listening(gateway):
        pass


def test_a_refused_stream_is_an_ordinary_answer(stack: Stack) -> None:
    async def answer(seen: Seen, receive: Receive, send: Send) -> None:
        await reply(send, 429, b'{"status": 429}', [(b"retry-after", b"15")])

    stack.service.answer = answer
    got = stack.client.get(PATH, headers=bearer())
    assert (got.status_code, got.json(), got.headers["retry-after"]) == (429, {"status": 429}, "15")


def test_head_is_answered_without_waiting_for_an_end(stack: Stack) -> None:
    stack.service.answer = endless
    got = stack.client.head(PATH, headers=bearer(), timeout=5)
    assert (got.status_code, got.headers["content-type"], got.content) == (200, "text/event-stream", b"")
    wait_until(lambda: stack.service.seen[0].left)
    assert stack.client.get("/api/products").status_code == 200
