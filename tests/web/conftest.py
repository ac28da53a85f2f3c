"""Debian's nginx with the shop's file, a small bundle, and a gateway of the tests' own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from local_stack import nginx
from local_stack.fixtures import running
from local_stack.ports import LOOPBACK, free_ports

from tests.web.upstream import Upstream

PAGE = b"<!doctype html><title>The Shop</title>" + b"<p>Chairs.</p>" * 100
FILES = {
    "index.html": PAGE,
    "favicon.svg": b"<svg/>" * 300,
    "robots.txt": b"User-agent: *\n",
    "assets/index-3f2a.js": b"export {};\n" * 200,
    "assets/index-77ab.css": b"p { color: red }\n" * 200,
    "assets/figtree-01cd.woff2": bytes(range(256)) * 20,
}


@dataclass
class Front:
    """An nginx on `port`; `command` has started it."""

    port: int
    gateway_port: int
    command: list[str]
    http: httpx2.Client


def client(port: int, own: str = LOOPBACK) -> httpx2.Client:
    """Asks the nginx on `port` from the address `own`. What a client does not say, these tests must not say for it."""
    return httpx2.Client(
        base_url=f"http://{LOOPBACK}:{port}",
        headers={"Accept-Encoding": "identity"},
        transport=httpx2.HTTPTransport(local_address=own),
        timeout=30,
    )


@contextmanager
def started(folder: Path, **values: str) -> Iterator[Front]:
    """An nginx with these values for its templates, beside those of a laptop."""
    for name, content in FILES.items():
        file = folder / "dist" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    port = free_ports(2)
    command = nginx.command(folder / "nginx", port, folder / "dist", port + 1, values)
    with running(command, port, folder / "log"), client(port) as http:
        yield Front(port, port + 1, command, http)


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory, nginx_there: None) -> Iterator[Front]:
    with started(tmp_path_factory.mktemp("nginx")) as front:
        yield front


@pytest.fixture
def gateway(front: Front) -> Iterator[Upstream]:
    with Upstream(front.gateway_port) as upstream:
        yield upstream


@pytest.fixture
def http(front: Front) -> httpx2.Client:
    return front.http


def problem(answer: httpx2.Response) -> tuple[int, str, str]:
    """Status, type and text of an error."""
    return answer.status_code, answer.headers["Content-Type"], json.loads(answer.content)["detail"]
