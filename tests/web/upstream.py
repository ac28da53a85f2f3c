"""A gateway for nginx to pass requests on to, which notes what arrives and answers by the path."""

import contextlib
import json
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from local_stack.ports import LOOPBACK

OWN_POLICY = "default-src 'none'; script-src 'unsafe-inline'"
PROBLEM = json.dumps({"detail": "No such thing. " * 100}).encode()
PRODUCTS = json.dumps({"products": ["chair"] * 500}).encode()


@dataclass
class Arrived:
    """One request as it came to the upstream; `connection` is the port it came from."""

    verb: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes
    connection: int


@dataclass
class Upstream:
    """Answers until it is closed. `go_on` lets an event stream say its second event."""

    port: int
    own: str = LOOPBACK
    arrived: list[Arrived] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)
    connections: list[socket.socket] = field(default_factory=list)

    def __enter__(self) -> "Upstream":
        upstream = self

        class Handler(_Handler):
            owner = upstream

        self._server = _Server((self.own, self.port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._thread.join()
        for kept in self.connections:
            with contextlib.suppress(OSError):
                kept.shutdown(socket.SHUT_RDWR)
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    # Each request comes by a connection of its own, and many may come at once.
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: Upstream

    def setup(self) -> None:
        super().setup()
        self.owner.connections.append(self.connection)

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = list(self.headers.items())
        self.owner.arrived.append(Arrived(self.command, self.path, headers, body, self.client_address[1]))
        match self.path.partition("?")[0]:
            case "/api/products":
                self._answer(200, "application/json", PRODUCTS)
            case "/api/docs":
                self._answer(200, "text/html", b"docs", ("Content-Security-Policy", OWN_POLICY))
            case "/api/pictures/chair.webp":
                self._answer(200, "image/webp", b"picture" * 500, ("Cache-Control", "public, max-age=60"))
            case "/api/login":
                self._answer(200, "application/json", b"{}", ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
            case "/api/busy":
                self._answer(503, "application/problem+json", b"{}", ("Retry-After", "7"))
            case "/api/breaks-off":
                self.close_connection = True
            case "/api/orders/events":
                self._events()
            case _:
                self._answer(404, "application/problem+json", PROBLEM)

    do_GET = do_HEAD = do_POST = do_PUT = _any

    def _answer(self, status: int, content_type: str, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", content_type), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    def _events(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        chunked = "chunked" in self.path
        self.send_header(*(("Transfer-Encoding", "chunked") if chunked else ("Connection", "close")))
        self.end_headers()
        with contextlib.suppress(OSError):  # whoever has heard enough goes
            for text in (b"event: ready\n\n", b"event: order\n\n", b""):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(text), text) if chunked else text)
                self.owner.go_on.wait()

    def log_message(self, format: str, *arguments: object) -> None:
        pass
