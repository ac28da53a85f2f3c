"""Too much, too slow: refused, and the service has never seen a complete request."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from gateway_testing import Stack, bearer, problem, wait_until

LIMIT = 1024 * 1024
PICTURE = "/api/products/steel-mug/picture"


def test_a_body_of_the_limit_passes(stack: Stack) -> None:
    assert stack.client.post("/api/login", content=b"x" * LIMIT).status_code == 200
    assert len(stack.service.seen[0].body) == LIMIT


def test_a_body_that_says_it_is_too_large_is_refused_at_once(stack: Stack) -> None:
    answer = stack.client.post("/api/login", content=b"x" * (LIMIT + 1))
    assert problem(answer) == (413, "The request body is too large")
    assert stack.service.seen == []


def test_a_picture_may_be_five_times_as_large(stack: Stack) -> None:
    headers = bearer("admin")
    assert stack.client.put(PICTURE, content=b"x" * 5 * LIMIT, headers=headers).status_code == 200
    assert [len(seen.body) for seen in stack.service.seen] == [5 * LIMIT]
    answer = stack.client.put(PICTURE, content=b"x" * (5 * LIMIT + 1), headers=headers)
    assert problem(answer) == (413, "The request body is too large")
    assert len(stack.service.seen) == 1


def test_a_picture_that_turns_out_too_large_is_never_complete(stack: Stack) -> None:
    def body() -> Iterator[bytes]:
        for _ in range(5 * 16 + 1):
            yield b"x" * 65536

    answer = stack.client.put(PICTURE, content=body(), headers=bearer("admin"))
    assert problem(answer) == (413, "The request body is too large")
    wait_until(lambda: all(seen.left for seen in stack.service.seen))
    assert [seen.complete for seen in stack.service.seen] in ([], [False])


def test_a_picture_may_take_five_times_as_long(stack: Stack) -> None:
    gateway = stack.new_gateway(body_seconds="0.2")
    token = bearer("admin")["Authorization"].encode()
    begun = b"PUT %s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Length: 9\r\n\r\n{}"
    began = time.monotonic()
    assert stack.raw(begun % (PICTURE.encode(), token), gateway.port).startswith(b"HTTP/1.1 408 ")
    assert 1 <= time.monotonic() - began < 3


def test_it_is_refused_before_it_is_sent(stack: Stack) -> None:
    answer = stack.raw(
        b"POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999\r\nExpect: 100-continue\r\n\r\n",
        seconds=0.5,
    )
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert stack.service.seen == []


def test_a_client_that_asks_first_is_told_to_go_on(stack: Stack) -> None:
    answer = stack.raw(
        b"POST /api/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n{}"
    )
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")


def test_a_body_that_turns_out_too_large_is_refused_and_never_complete(stack: Stack) -> None:
    def body() -> Iterator[bytes]:
        for _ in range(17):
            yield b"x" * 65536

    assert problem(stack.client.post("/api/login", content=body())) == (413, "The request body is too large")
    wait_until(lambda: all(seen.left for seen in stack.service.seen))
    assert [seen.complete for seen in stack.service.seen] in ([], [False])
    assert stack.client.get("/api/products").status_code == 200


@pytest.mark.parametrize(
    "begun",
    [b"Content-Length: 10\r\n\r\n{}", b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"],
    ids=["length", "chunked"],
)
def test_a_body_that_comes_too_slowly_is_refused_and_never_complete(stack: Stack, begun: bytes) -> None:
    gateway = stack.new_gateway(body_seconds="0.3")
    answer = stack.raw(b"POST /api/login HTTP/1.1\r\nHost: x\r\n" + begun, gateway.port)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in answer
    assert b'"detail":"The request body took too long"' in answer
    wait_until(lambda: stack.service.seen[0].left)
    assert not stack.service.seen[0].complete


def test_dripping_does_not_help(stack: Stack) -> None:
    gateway = stack.new_gateway(body_seconds="0.4")
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=5) as connection:
        connection.sendall(b"POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
        began = time.monotonic()
        stop = threading.Event()

        def drip() -> None:
            while not stop.wait(0.05):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

        dripping = threading.Thread(target=drip)
        dripping.start()
        assert connection.recv(100).startswith(b"HTTP/1.1 408 ")
        assert time.monotonic() - began < 2
        stop.set()
        dripping.join()


def test_a_service_that_takes_no_more_of_the_body_is_late_not_the_client(stack: Stack) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    large = {"max_body_bytes": str(64 * LIMIT), "body_seconds": "1"}
    gateway = stack.new_gateway(f"http://127.0.0.1:{listener.getsockname()[1]}", **large)
    answer = stack.client.post(gateway.url + "/api/login", content=b"x" * 32 * LIMIT)
    assert problem(answer) == (503, "Service unavailable!")
    listener.close()


def test_headers_are_limited(stack: Stack) -> None:
    assert problem(stack.client.get("/api/products", headers={"X-Large": "x" * 33_000})) == (
        431,
        "The headers are too large",
    )
    assert stack.service.seen == []
    assert stack.client.get("/api/products", headers={"X-Large": "x" * 30_000}).status_code == 200
