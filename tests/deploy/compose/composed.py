"""A shop that docker compose runs, from a fresh clone of the repository."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.commands import run
from lab.engine import Engine
from lab.errors import LabError
from lab.layout import ROOT


def clone(folder: Path) -> None:
    """What git has of the repository, with what is not committed yet."""
    for name in run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]).split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


@dataclass(frozen=True)
class Composed:
    """The shop of docker-compose-`what`.yaml in a folder, with these variables beside the folder's .env."""

    engine: Engine
    folder: Path
    what: str
    env: Mapping[str, str]

    def script(self, name: str, *words: str, seconds: float = 900) -> str:
        """What this script of infrastructure/compose printed. Raises LabError if it refuses."""
        program = self.folder / "infrastructure" / "compose" / name
        return run([program, *words], env={**self.engine.env, **self.env}, cwd=self.folder, seconds=seconds)

    def compose(self, *words: str) -> str:
        """What this command of compose printed. Raises LabError if it fails."""
        command = ["docker", "compose", "--file", f"docker-compose-{self.what}.yaml", *words]
        return run(command, env={**self.engine.env, **self.env}, cwd=self.folder)

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

    def published(self) -> dict[tuple[str, str], set[str]]:
        """Where each port that is published is on this machine, by its service and its number in the container."""
        found = {}
        for service in self.compose("ps", "--services").split():
            for port, places in self.described(service)["NetworkSettings"]["Ports"].items():
                if places:
                    found[service, port] = {f"{place['HostIp']}:{place['HostPort']}" for place in places}
        return found

    def kill(self, service: str) -> None:
        """End its process as a crash would. `docker kill` would not do: what a person killed is not started again."""
        number = self.described(service)["State"]["Pid"]
        crash = ["--pid", "host", "--user", "0", "python:3.12.12-slim-bookworm", "sh", "-c", f"kill -9 {number}"]
        self.engine.docker("run", "--rm", "--network", "none", *crash)


@contextmanager
def started(shop: Composed) -> Iterator[str]:
    """What was said when all of it was healthy; it is gone with its data in the end."""
    try:
        try:
            said = shop.script("up", shop.what, seconds=1500)
        except LabError as error:
            logs = shop.compose("logs", "--no-color", "--tail", "30")
            raise LabError(f"{error}\nThe logs:\n{logs[-12000:]}") from error
        yield said
    finally:
        shop.compose("down", "--volumes", "--rmi", "local", "--timeout", "5")
