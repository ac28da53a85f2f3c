"""Debian's nginx on a bare machine, with the very files that serve the web shop in production: nginx/."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from local_stack.errors import StackError
from local_stack.ports import LOOPBACK
from local_stack.program import Program

_TEMPLATES = Path(__file__).resolve().parents[3] / "nginx"
# One process: if it is killed, no worker is left that holds the port. Nothing is written outside of {folder}.
_AROUND = """daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    include {folder}/shop.conf;
}}
"""


def _found() -> str | None:
    # It is in no user's path.
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def missing() -> str | None:
    """What the machine lacks for the bundle, in words; None if nothing."""
    return None if _found() else "The web shop's bundle needs nginx. On Debian: apt-get install nginx-light"


def command(folder: Path, port: int, root: Path, gateway_port: int, more: Mapping[str, str] | None = None) -> list[str]:
    """How to start an nginx in `folder`, a new one, that serves the bundle in `root`. `more` are values for the
    templates (see nginx/README.md) that count instead of a laptop's. Raises StackError if there is no nginx on this
    machine, and KeyError if a value is missing."""
    program = _found()
    if program is None:
        raise StackError(missing())
    values = {
        "SHOP_ENTRY": "plain",
        "SHOP_LISTEN": f"{LOOPBACK}:{port}",
        "SHOP_ROOT": str(root),
        "SHOP_GATEWAY": f"{LOOPBACK}:{gateway_port}",
        "SHOP_RESOLVER": LOOPBACK,
        "SHOP_TRUSTED_PROXIES": "",
        **(more or {}),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("shop.conf", "site.conf", f"{values['SHOP_ENTRY']}.conf"):
        text = (_TEMPLATES / f"{part}.template").read_text()
        (folder / part).write_text(re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], text))
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder))
    return [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]


def program(folder: Path, port: int, root: Path, gateway_port: int) -> Program:
    """The web shop as in production: the bundle in `root`, and /api passed on to the gateway."""
    start = command(folder / "run" / "nginx", port, root, gateway_port)
    return Program("web-shop", "services", start, port, health="/")
