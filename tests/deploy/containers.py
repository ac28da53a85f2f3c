"""One container, as locked down as production has it."""

import contextlib
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
from lab.engine import Engine

LOCKED_DOWN = ("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--tmpfs", "/tmp")


def inspected(engine: Engine, what: str) -> dict[str, Any]:
    """What the engine knows of an image or a container."""
    found: list[dict[str, Any]] = json.loads(engine.docker("inspect", what))
    return found[0]


def inside(engine: Engine, image: str, python: str) -> str:
    """What a line of Python prints in a container of this image."""
    return engine.docker("run", "--rm", *LOCKED_DOWN, "--entrypoint", "python", image, "-c", python).strip()


@contextlib.contextmanager
def running(engine: Engine, image: str, *words: str, **environment: str) -> Iterator[str]:
    """The id of a locked-down container, on the network of the host, which is gone afterwards. `words` are for its
    command."""
    given = [word for name, value in environment.items() for word in ("--env", f"{name}={value}")]
    container = engine.docker("run", "--detach", "--network", "host", *LOCKED_DOWN, *given, image, *words).strip()
    try:
        yield container
    finally:
        engine.docker("rm", "--force", container)


def said(engine: Engine, container: str) -> str:
    """What the container wrote to standard error."""
    return subprocess.run(
        ["docker", "logs", container], env=dict(engine.env), capture_output=True, text=True, check=True
    ).stderr


def waited(engine: Engine, container: str) -> float:
    """How many seconds its process could have run, had another one not had the processor."""
    pid = inspected(engine, container)["State"]["Pid"]
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9


def answers(url: str, seconds: float) -> float:
    """How many seconds it took until the address answered 200; fails when the time is over."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with contextlib.suppress(httpx2.TransportError):
            if httpx2.get(url, timeout=5).status_code == 200:
                return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"{url} did not answer 200 within {seconds} s")
