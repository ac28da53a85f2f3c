"""Tools written in Go, built from their sources by the Go on this machine and kept."""

import os
import shutil
from pathlib import Path

from lab.commands import run
from lab.errors import LabError
from lab.layout import CACHE


def lacking() -> str | None:
    """What the machine lacks to build them, in words; None if nothing."""
    return None if shutil.which("go") else "there is no go here, to build a tool with. It is at https://go.dev/dl"


def installed(package: str, version: str) -> Path:
    """The program of a Go package at this version, as `go install` makes it.

    Go checks what it fetches against the public checksum database. Raises LabError if it can't be built."""
    if words := lacking():
        raise LabError(words)
    name = next(part for part in reversed(package.split("/")) if not _is_major_version(part))
    folder = CACHE / "go" / f"{name}-{version}"
    program = folder / name
    if not program.exists():
        unfinished = folder.with_name(f".{folder.name}.{os.getpid()}")
        run(["go", "install", f"{package}@{version}"], env={**os.environ, "GOBIN": str(unfinished)}, seconds=1200)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    return program


def _is_major_version(part: str) -> bool:
    return part.startswith("v") and part[1:].isdigit()
