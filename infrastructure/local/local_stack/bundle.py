"""The web shop's bundle: made anew, and how much of it a page has to load first."""

import gzip
import json
from typing import Any

from local_stack import web

FOLDER = web.FOLDER / "dist"
MOST_FIRST_LOAD = 130_000
"""Bytes that `first_load` may be."""


def build() -> None:
    """Make the bundle anew. Raises StackError if that can't be done."""
    web.npm("run", "build", "--", "--manifest", failure="The web shop's bundle can't be made")


def first_load(page: str) -> int:
    """Bytes of JavaScript, as compressed on their way, before a page such as "HomePage" can be shown."""
    manifest: dict[str, Any] = json.loads((FOLDER / ".vite" / "manifest.json").read_text())
    files: set[str] = set()

    def add(key: str) -> None:
        if manifest[key]["file"] not in files:
            files.add(manifest[key]["file"])
            for imported in manifest[key].get("imports", ()):
                add(imported)

    add("index.html")
    add(f"src/pages/{page}.tsx")
    return sum(len(gzip.compress((FOLDER / file).read_bytes(), 6)) for file in files)
