"""The health check of a container."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from shop_kit import healthcheck


class Service(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        status = self.status if self.path == "/health" else 404
        self.send_response(status)
        self.end_headers()
        self.wfile.write(b"the database does not answer" if status == 503 else b"{}")

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def port() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Service) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_a_service_that_is_ready(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert healthcheck.main(port) == 0
    assert capsys.readouterr().err == ""


def test_a_service_that_is_not(port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(Service, "status", 503)
    assert healthcheck.main(port) == 1
    assert capsys.readouterr().err == "503: the database does not answer\n"


def test_a_service_that_does_not_listen_or_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(healthcheck, "SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert healthcheck.main(port) == 1
    assert healthcheck.main(port) == 1
    assert (
        capsys.readouterr().err == "TimeoutError: timed out\nConnectionRefusedError: [Errno 111] Connection refused\n"
    )
