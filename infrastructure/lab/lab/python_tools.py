"""Tools written in Python that are too big for the project's own environment. uv fetches each into one of its own."""

import sys
from pathlib import Path

from lab.commands import run


def tool(package: str, version: str, *words: str | Path) -> str:
    """What the package's command of the same name printed. Raises LabError with the end of its output if it fails."""
    uv = Path(sys.executable).with_name("uv")
    return run([uv, "tool", "run", "--quiet", "--from", f"{package}=={version}", package, *words])
