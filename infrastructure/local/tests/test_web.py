"""The web shop beside the services; and a machine without Node, which runs the rest."""

import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from local_stack import web
from local_stack.ports import LOOPBACK, free_ports
from local_stack.processes import MARK
from local_stack.stack import Stack

NEEDED = "The web shop needs Node.js 20.19 or 22.12, or a newer one, and npm"


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of its own: what a script of a program needs, and no Node."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("sh", "cat"):
        (folder / tool).symlink_to(f"/bin/{tool}")
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(folder: Path, tool: str, says: str) -> None:
    (folder / tool).write_text(f"#!/bin/sh\necho {says}\n")
    (folder / tool).chmod(0o755)


def started_by(script: Path) -> list[int]:
    """Every process that the script became or that descends from it."""
    mark = f"{MARK}={script}".encode()
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in environment.read_bytes().split(b"\0"):
                found.append(int(environment.parent.name))
        except OSError:
            continue
    return found


def page(url: str) -> tuple[int, bytes]:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.status, answer.read()


def test_the_web_shop_comes_back_and_leaves_nothing_behind(tmp_path: Path, node: None) -> None:
    with Stack(tmp_path / "shop", free_ports(10), web_shop="sources", only={"web-shop"}) as stack:
        assert stack.web_url == f"http://{LOOPBACK}:{stack.ports['web-shop']}"
        script = stack.programs["web-shop"].script(stack.folder)
        assert page(stack.web_url)[0] == 200
        before = started_by(script)
        assert stack.pid("web-shop") in before
        stack.kill("web-shop")
        stack.wait_healthy(30)
        assert page(stack.web_url + "/src/main.tsx")[0] == 200
        assert not set(before) & set(started_by(script))
    assert started_by(script) == []


@pytest.mark.parametrize("version", ["v18.19.0", "v20.18.3", "v21.7.0", "v22.11.0"])
def test_an_old_node_is_named(tools: Path, version: str) -> None:
    install(tools, "node", version)
    install(tools, "npm", "10.0.0")
    assert web.missing() == f"{NEEDED}; this is {version}. Node.js is at https://nodejs.org"


@pytest.mark.parametrize("version", ["v20.19.0", "v22.12.0", "v24.0.0"])
def test_a_node_that_is_new_enough(tools: Path, version: str) -> None:
    install(tools, "node", version)
    assert web.missing() == f"{NEEDED}; there is no npm here. Node.js is at https://nodejs.org"
    install(tools, "npm", "10.0.0")
    assert web.missing() is None


class Made:
    """What `make up` says until the shop runs, and what runs then; it is told to stop after the body."""

    def __init__(self, folder: Path):
        code = (
            "import sys, pathlib; from local_stack import __main__ as make;"
            "make.FOLDER = pathlib.Path(sys.argv.pop()); sys.exit(make.main())"
        )
        self.port = free_ports(10)
        self._command = [sys.executable, "-u", "-c", code, "up", "--port", str(self.port), str(folder)]
        self.said: list[str] = []

    def __enter__(self) -> "Made":
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        while not self.said or "Ctrl-C" not in self.said[-1]:
            self.said.append(self._process.stdout.readline().removesuffix("\n"))
            assert self._process.poll() is None, "it ended before it was ready"
        return self

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        self._process.communicate()
        assert self._process.returncode == 0


def test_the_shop_is_one_address(tmp_path: Path, node: None, alive: Callable[[Path], set[str]]) -> None:
    with Made(tmp_path) as made:
        shop, gateway = f"http://{LOOPBACK}:{made.port}", f"http://{LOOPBACK}:{made.port + 1}"
        assert f"The shop is ready: {shop}" in made.said
        assert f"  API documents  {shop}/api/docs" in made.said
        assert page(shop + "/products")[0] == 200
        assert page(shop + "/api/products") == page(gateway + "/api/products")
        assert "web-shop" in alive(tmp_path)
    assert not alive(tmp_path)


def test_without_node_the_rest_runs(tools: Path, tmp_path: Path, alive: Callable[[Path], set[str]]) -> None:
    with Made(tmp_path) as made:
        gateway = f"http://{LOOPBACK}:{made.port + 1}/api"
        assert (
            f"The web shop is left out. {NEEDED}; there is no node here. Node.js is at https://nodejs.org" in made.said
        )
        assert f"The shop is ready: {gateway}" in made.said
        assert f"  API documents  {gateway}/docs" in made.said
        assert page(gateway + "/products")[0] == 200
        assert "web-shop" not in alive(tmp_path)
    assert not alive(tmp_path)
