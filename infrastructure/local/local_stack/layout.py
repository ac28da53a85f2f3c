"""What runs where: the programs of the shop and their ports, ten in a row from the web shop's on."""

import sys
from collections.abc import Mapping
from pathlib import Path

from local_stack import bundle, embedded, kafka, nginx, web
from local_stack.ports import LOOPBACK
from local_stack.profile import Broker, service_environment
from local_stack.program import Program

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = {
    "gateway-ms": "gateway",
    "authentication-ms": "authentication",
    "products-ms": "products",
    "orders-ms": "orders",
}
OFFSETS = {
    "web-shop": 0,
    "gateway-ms": 1,
    "authentication-ms": 2,
    "products-ms": 3,
    "orders-ms": 4,
    "authentication-db": 5,
    "products-db": 6,
    "orders-db": 7,
    "broker": 8,
    "broker-controller": 9,
}
GROUPS = ("databases", "broker", "services", "watch")
"""In the order in which they start; they stop in the opposite one."""


def ports_from(base: int) -> dict[str, int]:
    """The port of every program, given the first."""
    return {name: base + offset for name, offset in OFFSETS.items()}


def programs(
    folder: Path,
    base_port: int,
    broker: Broker,
    extra: Mapping[str, Mapping[str, str]],
    socket: Path,
    watch: bool,
    web_shop: web.WebShop | None,
) -> list[Program]:
    """All programs of a shop whose data lives in `folder`. `extra` adds to the environment of single services;
    `socket` is the supervisor's, for the one that watches the sources."""
    ports = ports_from(base_port)
    found = [
        Program(name, "databases", embedded.database_command(ports[name], folder / "data" / name), ports[name])
        for name in ports
        if name.endswith("-db")
    ]
    if broker == "kafka":
        found.append(kafka.program(folder, ports["broker"], ports["broker-controller"]))
    else:
        found.append(Program("broker", "broker", embedded.broker_command(ports["broker"]), ports["broker"]))
    for name, package in PACKAGES.items():
        environment = service_environment(name, ports, broker, folder) | dict(extra.get(name, {}))
        found.append(service(name, package, ports[name], environment))
    if web_shop == "sources":
        found.append(web.program(ports["web-shop"], ports["gateway-ms"]))
    if web_shop == "bundle":
        found.append(nginx.program(folder, ports["web-shop"], bundle.FOLDER, ports["gateway-ms"]))
    if watch:
        found.append(Program("watch", "watch", [sys.executable, "-m", "local_stack.watch", str(socket)]))
    return found


def service(name: str, package: str, port: int, environment: dict[str, str]) -> Program:
    """The program that serves a package's application."""
    health = "/api/health" if package == "gateway" else "/health"
    return Program(name, "services", _uvicorn(package, port), port, environment, health=health)


def _uvicorn(package: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "uvicorn", "--factory", f"{package}.app:create_app"),
        *("--host", LOOPBACK, "--port", str(port), "--loop", "uvloop", "--no-access-log"),
        *("--http", "gateway.protocol:Protocol" if package == "gateway" else "httptools"),
        # The rest of the ten seconds in which a service ends is its lifespan's; see shop_kit/life.py.
        *("--timeout-graceful-shutdown", "3"),
    ]
