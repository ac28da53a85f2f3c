"""The commands on the pages of docs/operations, to be run as they stand there."""

import re
import textwrap
from collections.abc import Mapping
from pathlib import Path

from lab.commands import run
from lab.layout import ROOT


def follow(page: str, part: str, env: Mapping[str, str], folder: Path) -> str:
    """What the only block of commands with `part` in it prints, as if somebody had typed it in this folder."""
    text = (ROOT / "docs" / "operations" / page).read_text()
    blocks = re.findall(r"(?:^ {4}.*\n|^\n(?= {4}))+", text, re.MULTILINE)
    (found,) = [block for block in blocks if part in block]
    return run(["bash", "-euo", "pipefail", "-c", textwrap.dedent(found)], env=env, cwd=folder)
