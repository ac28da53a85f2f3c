"""A service that is down, late or breaks off: 503 with Retry-After before its answer began, a broken one after."""

import asyncio
import socket
import threading
import time

import httpx2
import pytest
from gateway_testing import Seen, Server, Stack, bearer, problem, wait_until
from joserfc.jwk import OctKey
from starlette.types import Receive, Send


def unavailable(answer: httpx2.Response) -> bool:
    return (problem(answer), answer.headers["retry-after"]) == ((503, "Service unavailable!"), "1")


HS256 = {"jwt_token_alg": "HS256", "jwt_access_token_secret_key": "a secret of thirty-two characters"}
SECRET = OctKey.import_key(HS256["jwt_access_token_secret_key"])


class Breaker:
    """A service made of a socket: does with each connection what `acts` says, in turn."""

    def __init__(self, *acts: list[bytes]):
        self.requests: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = self._listener.getsockname()
        self.url = f"http://127.0.0.1:{self.address[1]}"
        self._acts = list(acts)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        for act in self._acts:
            connection, _ = self._listener.accept()
            with connection:
                for answer in act:
                    head = b""
                    while b"\r\n\r\n" not in head:
                        got = connection.recv(65536)
                        if not got:
                            break
                        head += got
                    if head:
                        self.requests.append(head.split(b" ")[0])
                        connection.sendall(answer)
        self._listener.close()

    def join(self) -> None:
        self._thread.join(5)
        assert not self._thread.is_alive()


OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_a_service_that_is_down(stack: Stack, verb: str) -> None:
    gateway = stack.new_gateway("http://127.0.0.1:9")
    path = "/api/products" if verb == "GET" else "/api/login"
    assert unavailable(stack.client.request(verb, gateway.url + path, content=b"{}" if verb == "POST" else None))


def test_a_service_that_is_late(stack: Stack) -> None:
    gateway = stack.new_gateway(upstream_seconds="0.3")
    stack.service.answer = late
    began = time.monotonic()
    assert unavailable(stack.client.get(gateway.url + "/api/products"))
    assert unavailable(stack.client.post(gateway.url + "/api/login", content=b"{}"))
    assert time.monotonic() - began < 2
    wait_until(lambda: all(seen.left for seen in stack.service.seen))
    assert [seen.verb for seen in stack.service.seen] == ["GET", "POST"], "late is not tried again"


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200", b"nonsense\r\n\r\n"])
def test_a_service_that_breaks_off_before_its_answer(stack: Stack, answer: bytes) -> None:
    breaker = Breaker([answer])
    gateway = stack.new_gateway(breaker.url)
    assert unavailable(stack.client.post(gateway.url + "/api/login", content=b"{}"))
    breaker.join()
    assert breaker.requests == [b"POST"]


@pytest.mark.parametrize(
    "begun",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nbegun",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nbegun\r\n",
    ],
    ids=["length", "chunked"],
)
def test_a_service_that_breaks_off_within_its_answer_breaks_the_clients(stack: Stack, begun: bytes) -> None:
    breaker = Breaker([begun])
    gateway = stack.new_gateway(breaker.url)
    with pytest.raises(httpx2.RemoteProtocolError):
        stack.client.get(gateway.url + "/api/products")
    breaker.join()


def test_a_service_that_falls_silent_within_its_answer_breaks_the_clients(stack: Stack) -> None:
    gateway = stack.new_gateway(idle_seconds="0.3")

    async def answer(seen: Seen, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        await receive()
        await receive()

    stack.service.answer = answer
    with pytest.raises(httpx2.RemoteProtocolError):
        stack.client.get(gateway.url + "/api/products")


def test_an_answer_that_has_begun_may_pause_for_longer_than_the_wait_for_its_first_byte(stack: Stack) -> None:
    gateway = stack.new_gateway(upstream_seconds="0.2", idle_seconds="5")

    async def answer(seen: Seen, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for more in (b"first ", b"second ", b"last"):
            await send({"type": "http.response.body", "body": more, "more_body": more != b"last"})
            await asyncio.sleep(0.5)

    stack.service.answer = answer
    assert stack.client.get(gateway.url + "/api/products").content == b"first second last"
    # The wait for the next first byte on the same connection is the short one again.
    stack.service.answer = late
    began = time.monotonic()
    assert unavailable(stack.client.get(gateway.url + "/api/products"))
    assert time.monotonic() - began < 2


async def late(seen: Seen, receive: Receive, send: Send) -> None:
    await seen.read(receive)
    seen.left = (await receive())["type"] == "http.disconnect"


def test_get_is_tried_again_once_on_a_connection_that_broke(stack: Stack) -> None:
    breaker = Breaker([OK, b""], [OK])
    gateway = stack.new_gateway(breaker.url)
    for _ in range(2):
        assert stack.client.get(gateway.url + "/api/products").status_code == 200
    breaker.join()
    assert breaker.requests == [b"GET", b"GET", b"GET"]


def test_get_is_tried_again_only_once(stack: Stack) -> None:
    breaker = Breaker([b""], [b""])
    gateway = stack.new_gateway(breaker.url)
    assert unavailable(stack.client.get(gateway.url + "/api/products"))
    breaker.join()
    assert breaker.requests == [b"GET", b"GET"]


def test_an_error_route_ends_one_process_not_two(stack: Stack) -> None:
    breaker = Breaker([b""], [b""])
    gateway = stack.new_gateway(breaker.url, enable_error_routes="true", **HS256)
    got = stack.client.get(gateway.url + "/api/orders_error", headers=bearer("admin", key=SECRET, alg="HS256"))
    assert unavailable(got)
    assert breaker.requests == [b"GET"]
    socket.create_connection(breaker.address).close()
    breaker.join()


def test_post_is_never_tried_again(stack: Stack) -> None:
    breaker = Breaker([OK, b""])
    gateway = stack.new_gateway(breaker.url)
    assert stack.client.post(gateway.url + "/api/login", content=b"{}").status_code == 200
    assert unavailable(stack.client.post(gateway.url + "/api/login", content=b"{}"))
    breaker.join()
    assert breaker.requests == [b"POST", b"POST"]


def test_a_picture_that_was_sent_is_not_sent_again(stack: Stack) -> None:
    breaker = Breaker([OK, b""])
    gateway = stack.new_gateway(breaker.url, **HS256)
    path, admin = gateway.url + "/api/products/mug/picture", bearer("admin", key=SECRET, alg="HS256")
    assert stack.client.put(path, content=b"x", headers=admin).status_code == 200
    assert unavailable(stack.client.put(path, content=b"x", headers=admin))
    breaker.join()
    assert breaker.requests == [b"PUT", b"PUT"]


def test_a_restarted_service_costs_no_request(stack: Stack) -> None:
    server = Server(stack.service, lifespan="off")
    gateway = stack.new_gateway(server.url)
    for _ in range(3):
        assert stack.client.post(gateway.url + "/api/login", content=b"{}").status_code == 200
        server.stop()
        server = Server(stack.service, server.port, lifespan="off")
    assert stack.client.post(gateway.url + "/api/login", content=b"{}").status_code == 200
    server.stop()


def test_the_pool_is_bounded_and_waiting_has_a_deadline(stack: Stack) -> None:
    gateway = stack.new_gateway(upstream_connections="2", upstream_seconds="0.5")
    at_once, most = 0, 0

    async def answer(seen: Seen, receive: Receive, send: Send) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await seen.read(receive)
        # Bytes flow for longer than the deadline, so the two are not late; those that wait for them are.
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(10):
            await asyncio.sleep(0.1)
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        at_once -= 1

    stack.service.answer = answer
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(httpx2.get(gateway.url + "/api/products").status_code))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, sorted(answers)) == (2, [200, 200, 503, 503, 503, 503])
