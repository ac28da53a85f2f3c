"""Both ways, bytes pass as they come; and when one side goes, the other is told."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator

import httpx2
from gateway_testing import Seen, Stack, reply, wait_until
from starlette.types import Receive, Send


def test_the_first_bytes_arrive_before_the_service_has_finished(stack: Stack) -> None:
    go_on = threading.Event()

    async def answer(seen: Seen, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        await asyncio.to_thread(go_on.wait, 5)
        await send({"type": "http.response.body", "body": b"last"})

    stack.service.answer = answer
    with stack.client.stream("GET", "/api/products") as got:
        chunks = got.iter_raw()
        assert next(chunks) == b"first"
        go_on.set()
        assert b"".join(chunks) == b"last"


def test_an_upload_reaches_the_service_as_it_comes(stack: Stack) -> None:
    sent = threading.Event()

    async def answer(seen: Seen, receive: Receive, send: Send) -> None:
        seen.body = (await receive())["body"]
        sent.set()
        await seen.read(receive)
        await reply(send)

    stack.service.answer = answer

    def body() -> Iterator[bytes]:
        yield b"first "
        assert sent.wait(5), "the first part did not arrive before the last was sent"
        yield b"last"

    assert stack.client.post("/api/login", content=body()).status_code == 200
    assert stack.service.seen[0].body == b"first last"
    assert stack.service.seen[0].values("transfer-encoding") == ["chunked"]


def test_a_body_with_a_length_keeps_it(stack: Stack) -> None:
    assert json.loads(stack.client.post("/api/login", content=b"x" * 70_000).content)["body"] == "x" * 70_000
    assert stack.service.seen[0].values("content-length") == ["70000"]
    assert stack.service.seen[0].values("transfer-encoding") == []


def test_a_post_without_a_body_and_without_a_type_passes(stack: Stack) -> None:
    stack.raw(b"POST /api/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert (stack.service.seen[0].complete, stack.service.seen[0].body) == (True, b"")


def test_the_body_of_a_get_is_not_passed_on(stack: Stack) -> None:
    stack.raw(b"GET /api/products HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody")
    assert (stack.service.seen[0].body, stack.service.seen[0].values("content-length")) == (b"", [])


def test_a_large_answer_is_not_held_in_memory_for_a_client_that_does_not_read(stack: Stack) -> None:
    given = 0

    async def answer(seen: Seen, receive: Receive, send: Send) -> None:
        nonlocal given
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(1024):
            await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
            given += 65536
        await send({"type": "http.response.body", "body": b""})

    stack.service.answer = answer
    with stack.client.stream("GET", "/api/products") as got:
        threading.Event().wait(1)
        before = given
        assert before < 32 * 1024 * 1024
        assert sum(map(len, got.iter_raw())) == 64 * 1024 * 1024


def leave(stack: Stack, sent: bytes) -> None:
    """Send these bytes, wait for the service to get the request, and go."""
    with socket.create_connection(("127.0.0.1", stack.gateway.port)) as connection:
        connection.sendall(sent)
        wait_until(lambda: stack.service.seen and stack.service.seen[0].body == b"{}" * (sent[:4] == b"POST"))


def test_the_service_is_told_when_the_client_leaves(stack: Stack) -> None:
    async def answer(seen: Seen, receive: Receive, send: Send) -> None:
        await seen.read(receive)
        seen.left = (await receive())["type"] == "http.disconnect"

    stack.service.answer = answer
    for sent in (
        b"GET /api/products HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /api/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    ):
        stack.service.seen.clear()
        leave(stack, sent)
        wait_until(lambda: stack.service.seen and stack.service.seen[0].left)
        assert stack.service.seen[0].complete


def test_a_client_that_leaves_within_its_body_leaves_no_complete_request(stack: Stack) -> None:
    for sent in (
        b"POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{}",
        b"POST /api/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
    ):
        stack.service.seen.clear()
        leave(stack, sent)
        wait_until(lambda: stack.service.seen and stack.service.seen[0].left)
        assert not stack.service.seen[0].complete


def test_a_client_that_leaves_within_the_answer_is_noticed(stack: Stack) -> None:
    left = threading.Event()

    async def answer(seen: Seen, receive: Receive, send: Send) -> None:
        await seen.read(receive)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        if (await receive())["type"] == "http.disconnect":
            left.set()

    stack.service.answer = answer
    with stack.client.stream("GET", "/api/products") as got:
        assert next(got.iter_raw()) == b"first"
    assert left.wait(5)


def test_an_early_answer_reaches_a_client_that_still_sends(stack: Stack) -> None:
    async def answer(seen: Seen, receive: Receive, send: Send) -> None:
        await reply(send, 401)

    stack.service.answer = answer

    def body() -> Iterator[bytes]:
        yield b"x" * 1000
        threading.Event().wait(0.5)
        yield b"y"

    assert httpx2.post(stack.gateway.url + "/api/login", content=body()).status_code == 401
    assert stack.client.get("/api/products").status_code == 401
