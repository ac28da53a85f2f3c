"""Real servers on loopback: a gateway as it is deployed, in front of a service that answers what a test says."""

import json
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey

SERVICES = ("authentication", "products", "orders")
ENVIRONMENT = [f"{name.upper()}_SERVICE_URL" for name in SERVICES]


class Server:
    """An ASGI application served by uvicorn in a thread of its own."""

    def __init__(self, app: Any, port: int = 0, **config: Any):
        self._socket = socket.create_server(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(
                app, loop="uvloop", http="gateway.protocol:Protocol", log_config=None, access_log=False, **config
            )
        )
        self._thread = threading.Thread(target=self._uvicorn.run, kwargs={"sockets": [self._socket]})
        self._thread.start()
        wait_until(lambda: self._uvicorn.started)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._uvicorn.should_exit = self._uvicorn.force_exit = True
        self._thread.join()


def wait_until(true: Callable[[], Any], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


@dataclass
class Seen:
    """A request as the service got it."""

    verb: str
    path: str
    query: bytes
    headers: list[tuple[str, str]]
    body: bytes = b""
    complete: bool = False
    left: bool = False

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    async def read(self, receive: Any) -> None:
        while not self.complete and not self.left:
            message = await receive()
            self.left = message["type"] == "http.disconnect"
            self.body += message.get("body", b"")
            self.complete = not self.left and not message["more_body"]


Answer = Callable[[Seen, Any, Any], Awaitable[None]]


async def reply(send: Any, status: int = 200, body: bytes = b"{}", headers: Any = ()) -> None:
    sized = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": sized})
    await send({"type": "http.response.body", "body": body})


async def echo(seen: Seen, receive: Any, send: Any) -> None:
    await seen.read(receive)
    if seen.complete:
        said = {"verb": seen.verb, "path": seen.path, "query": seen.query.decode(), "body": seen.body.decode("latin-1")}
        await reply(send, body=json.dumps(said).encode())


@dataclass
class Service:
    """Stands for all three services: their names are the first part of the path."""

    keys: list[ECKey] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    key_reads: int = 0
    answer: Answer = echo

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["raw_path"] == b"/authentication/.well-known/jwks.json":
            self.key_reads += 1
            await reply(send, body=json.dumps({"keys": [key.as_dict(private=False) for key in self.keys]}).encode())
            return
        headers = [(name.decode(), value.decode("latin-1")) for name, value in scope["headers"]]
        self.seen.append(Seen(scope["method"], scope["raw_path"].decode(), scope["query_string"], headers))
        await self.answer(self.seen[-1], receive, send)


def new_key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "alg": "ES256", "use": "sig"})


KEY = new_key("first")


def token(role: str = "user", seconds: float = 900, key: Any = KEY, alg: str = "ES256", **claims: Any) -> str:
    header = {"alg": alg} | ({"kid": key.kid} if key.kid else {})
    return jwt.encode(header, {"email": "aaa@aaa.com", "role": role, "exp": int(time.time() + seconds), **claims}, key)


def bearer(role: str = "user", **said: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(role, **said)}"}


def start_gateway(upstream: str, **environment: str) -> Server:
    from gateway.app import create_app

    with pytest.MonkeyPatch.context() as patch:
        for name, variable in zip(SERVICES, ENVIRONMENT, strict=True):
            patch.setenv(variable, f"{upstream}/{name}")
        for name, value in environment.items():
            patch.setenv(name.upper(), value)
        # uvicorn reads it; by its default a client on this machine is a trusted proxy.
        patch.setenv("FORWARDED_ALLOW_IPS", environment.get("forwarded_allow_ips", "192.0.2.1"))
        return Server(create_app())


class Stack:
    """What tests use: the service, how to make gateways in front of it, and a client of the first."""

    def __init__(self) -> None:
        self.service = Service([KEY])
        self.server = Server(self.service, lifespan="off")
        self.gateway = start_gateway(self.server.url)
        self.client = httpx2.Client(base_url=self.gateway.url, timeout=10)
        self._more: list[Server] = []

    def new_gateway(self, upstream: str | None = None, **environment: str) -> Server:
        self._more.append(start_gateway(upstream or self.server.url, **environment))
        return self._more[-1]

    def raw(self, sent: bytes, port: int = 0, seconds: float = 5) -> bytes:
        """What comes back for these bytes until the gateway closes the connection, or is silent."""
        with socket.create_connection(("127.0.0.1", port or self.gateway.port), timeout=seconds) as connection:
            connection.sendall(sent)
            answer = b""
            try:
                while got := connection.recv(65536):
                    answer += got
            except (TimeoutError, ConnectionResetError):
                pass
            return answer

    def reset(self) -> None:
        while self._more:
            self._more.pop().stop()
        self.service.keys, self.service.answer = [KEY], echo
        self.service.seen.clear()

    def stop(self) -> None:
        self.client.close()
        self.gateway.stop()
        self.server.stop()


def problem(answer: Any) -> tuple[int, str]:
    """Status and text of an answer, which must be a problem+json with a request id."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.headers["x-request-id"]) == 32
    body = answer.json()
    assert (body["status"], body["type"]) == (answer.status_code, "about:blank")
    return answer.status_code, body["detail"]
