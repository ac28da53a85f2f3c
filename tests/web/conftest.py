"""Debian's nginx with the shop's file, a small bundle, and a gateway of the tests' own."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

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


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory, nginx_there: None) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    for name, content in FILES.items():
        file = folder / "dist" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    port = free_ports(2)
    command = nginx.command(folder / "nginx", port, folder / "dist", port + 1)
    # What a client does not say, these tests must not say for it.
    http = httpx2.Client(base_url=f"http://{LOOPBACK}:{port}", timeout=30, headers={"Accept-Encoding": "identity"})
    with running(command, port, folder / "log"), http:
        yield Front(port, port + 1, command, http)


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
