"""The web shop on a bare machine: Node, what npm brings, and Vite, which serves the sources and reloads what changed.

`python -m local_stack.web lint` runs a script of frontend/package.json.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Literal

from local_stack.errors import StackError
from local_stack.ports import LOOPBACK
from local_stack.program import Program

WebShop = Literal["sources", "bundle"]
FOLDER = Path(__file__).resolve().parents[3] / "frontend"
_NEEDED = "The web shop needs Node.js 20.19 or 22.12, or a newer one, and npm"


def missing() -> str | None:
    """What the machine lacks for the web shop, in words; None if nothing."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            return f"{_NEEDED}; there is no {tool} here. Node.js is at https://nodejs.org"
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    numbers = tuple(int(part) for part in re.findall(r"\d+", said))
    if not ((20, 19) <= numbers < (21,) or numbers >= (22, 12)):
        return f"{_NEEDED}; this is {said or 'a broken one'}. Node.js is at https://nodejs.org"
    return None


def fetch() -> None:
    """Have what frontend/package-lock.json names in frontend/node_modules. Raises StackError if that can't be done."""
    if lacking := missing():
        raise StackError(lacking)
    locked = (FOLDER / "package-lock.json").read_text()
    complete = FOLDER / "node_modules" / ".complete"
    if complete.exists() and complete.read_text() == locked:
        return
    print("Fetching what the web shop is made of: a minute, once.", flush=True)
    npm("ci", "--loglevel=error", failure="npm can't fetch what the web shop is made of")
    complete.write_text(locked)


def npm(*arguments: str, failure: str) -> None:
    """Run npm in frontend. Raises StackError, with `failure` and what npm said, if it fails."""
    done = subprocess.run(
        ["npm", *arguments],
        cwd=FOLDER,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise StackError(f"{failure}:\n{done.stdout[-3000:]}")


def program(port: int, gateway_port: int) -> Program:
    """Vite's development server, which passes /api on to the gateway. It is run without npm, which would stand between
    it and the supervisor's signals."""
    vite = ["node", "node_modules/vite/bin/vite.js", "--host", LOOPBACK, "--port", str(port), "--strictPort"]
    return Program(
        "web-shop",
        "services",
        vite,
        port,
        {"SHOP_GATEWAY": f"http://{LOOPBACK}:{gateway_port}"},
        prepare=f"cd {shlex.quote(str(FOLDER))} || exit 1",
        health="/",
    )


def main(script: str) -> int:
    """Run a script of frontend/package.json, and return its exit code. A machine that can't is told so, and passes;
    in CI it fails."""
    if (lacking := missing()) and os.environ.get("CI") != "true":
        print(f"Left out: npm run {script}. {lacking}")
        return 0
    try:
        fetch()
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    return subprocess.run(["npm", "run", "--silent", script], cwd=FOLDER, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
