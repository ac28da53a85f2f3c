"""A shop that docker compose runs."""

import json
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from lab.engine import Engine
from lab.errors import LabError


@dataclass(frozen=True)
class Composed:
    """One project of one compose file, with these variables."""

    engine: Engine
    file: str
    env: Mapping[str, str]

    def compose(self, *words: str, stdin: str | None = None, seconds: float = 900) -> str:
        """What this command of compose printed. Raises LabError if it fails."""
        engine = replace(self.engine, env={**self.engine.env, **self.env})
        return engine.docker("compose", "--file", self.file, *words, stdin=stdin, seconds=seconds)

    def execute(self, service: str, *command: str, user: str = "") -> str:
        """What the command printed in the service's container. Raises LabError if it fails."""
        return self.compose("exec", "-T", *(("--user", user) if user else ()), service, *command)

    def python(self, service: str, program: str) -> str:
        """What this program printed there."""
        return self.execute(service, "python", "-c", program)

    def services(self) -> list[str]:
        return sorted(self.compose("config", "--services").split())

    def described(self, service: str) -> dict[str, Any]:
        """All that the engine knows of the service's container."""
        container = self.compose("ps", "--all", "--quiet", service).strip()
        found: list[dict[str, Any]] = json.loads(self.engine.docker("inspect", container))
        return found[0]

    def kill(self, service: str) -> None:
        """End its process as a crash would. `docker kill` would not do: what a person killed is not started again."""
        number = self.described(service)["State"]["Pid"]
        crash = ["--pid", "host", "--user", "0", "python:3.12.12-slim-bookworm", "sh", "-c", f"kill -9 {number}"]
        self.engine.docker("run", "--rm", "--network", "none", *crash)

    def is_healthy(self, service: str) -> bool:
        state: dict[str, Any] = self.described(service)["State"]
        return state["Status"] == "running" and state["Health"]["Status"] == "healthy"


@contextmanager
def composed(engine: Engine, file: str, env: Mapping[str, str]) -> Iterator[Composed]:
    """The shop of this file, built from the sources and healthy; it is gone with its data in the end."""
    shop = Composed(engine, file, env)
    try:
        try:
            shop.compose("up", "--build", "--detach", "--wait", "--quiet-pull", seconds=1500)
        except LabError as error:
            logs = shop.compose("logs", "--no-color", "--tail", "30")
            raise LabError(f"{error}\n{shlex.join(['docker', 'compose', 'logs'])}:\n{logs[-12000:]}") from error
        yield shop
    finally:
        shop.compose("down", "--volumes", "--timeout", "5")
