"""What is said before anything starts, when something keeps the shop from starting. Docker is a script here, which says
what each test wants it to."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lab.layout import ROOT
from local_stack.ports import LOOPBACK, free_ports

TOOLS = ("bash", "cat", "dirname", "head", "mkdir", "mv", "chmod", "openssl", "sed", "sort", "tail")
DOCKER = """#!/bin/bash
case "$*" in
    "compose version --short") [ -n "$COMPOSE" ] && echo "$COMPOSE" ;;
    version*) [ -n "$ENGINE" ] && echo "$ENGINE" ;;
    *" port web-shop 8443") echo "$PUBLISHED" ;;
    *" up --build --detach --wait") echo "started" ;;
esac
"""


@dataclass
class Place:
    """A folder with what a clone of the repository has of compose, and a PATH on which not more is than it needs."""

    folder: Path
    env: dict[str, str]

    def secrets(self) -> None:
        self.run("make-secrets")

    def run(self, program: str, *words: str) -> tuple[int, list[str]]:
        command = [str(self.folder / "infrastructure" / "compose" / program), *words]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        return done.returncode, (done.stdout if program == "make-secrets" else done.stdout + done.stderr).splitlines()

    def check(self, what: str = "prod") -> tuple[int, list[str]]:
        """How the check ends, and every line that it says."""
        return self.run("check", what)

    def replace(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text()
        assert old in text
        path.chmod(0o644)
        path.write_text(text.replace(old, new))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    folder, path = tmp_path / "shop", tmp_path / "bin"
    path.mkdir()
    for tool in TOOLS:
        (path / tool).symlink_to(str(shutil.which(tool)))
    (path / "docker").write_text(DOCKER)
    (path / "docker").chmod(0o755)
    shutil.copytree(ROOT / "infrastructure" / "compose", folder / "infrastructure" / "compose")
    for what in ("dev", "prod"):
        shutil.copy(ROOT / f"docker-compose-{what}.yaml", folder)
    first = free_ports(3)
    ports = {"SHOP_HTTP_PORT": str(first), "SHOP_HTTPS_PORT": str(first + 1), "SHOP_PORT": str(first + 2)}
    return Place(folder, {"PATH": str(path), "COMPOSE": "2.26.1-4", "ENGINE": "26.1.5+dfsg1", **ports})


@pytest.fixture
def ready(place: Place) -> Place:
    place.secrets()
    # From now on they are in .env.
    del place.env["SHOP_HTTP_PORT"], place.env["SHOP_HTTPS_PORT"]
    return place


def test_nothing_is_said_when_all_is_well(ready: Place) -> None:
    assert ready.check() == (0, [])
    assert ready.check("dev") == (0, [])


@pytest.mark.parametrize("what", ["dev", "prod"])
def test_docker_is_missing(ready: Place, what: str) -> None:
    (Path(ready.env["PATH"]) / "docker").unlink()
    assert ready.check(what) == (1, ["docker is missing: install Docker Engine, with compose 2.26 or newer"])


@pytest.mark.parametrize("what", ["dev", "prod"])
@pytest.mark.parametrize(
    ("found", "said"),
    [
        ("", "docker compose is missing: 2.26 or newer is needed"),
        ("2.9.0", "docker compose is 2.9.0: 2.26 or newer is needed"),
        ("v2.25.0", "docker compose is 2.25.0: 2.26 or newer is needed"),
        ("1.29.2", "docker compose is 1.29.2: 2.26 or newer is needed"),
    ],
)
def test_compose_is_missing_or_too_old(ready: Place, what: str, found: str, said: str) -> None:
    ready.env["COMPOSE"] = found
    assert ready.check(what) == (1, [said])


@pytest.mark.parametrize("found", ["2.26.0", "v2.40.3", "5.0.1", "2.100.0"])
def test_compose_is_new_enough(ready: Place, found: str) -> None:
    ready.env["COMPOSE"] = found
    assert ready.check() == (0, [])


@pytest.mark.parametrize(("host", "where"), [({}, ""), ({"DOCKER_HOST": "unix:///gone"}, " at unix:///gone")])
def test_no_engine_answers(ready: Place, host: dict[str, str], where: str) -> None:
    ready.env |= {"ENGINE": "", **host}
    assert ready.check() == (1, [f"no Docker Engine answers{where}: start it, or see whether you may use it"])


@pytest.mark.parametrize("what", ["dev", "prod"])
@pytest.mark.parametrize("found", ["20.10.24+dfsg1", "24.0.9"])
def test_the_engine_is_too_old(ready: Place, what: str, found: str) -> None:
    ready.env["ENGINE"] = found
    assert ready.check(what) == (1, [f"Docker Engine is {found}: 25 or newer is needed"])


@pytest.mark.parametrize("found", ["25.0.0", "28.2.2", "100.0.0"])
def test_the_engine_is_new_enough(ready: Place, found: str) -> None:
    ready.env["ENGINE"] = found
    assert ready.check() == (0, [])


def test_there_is_no_env(place: Place) -> None:
    assert place.check() == (1, [".env is missing: run make secrets"])
    assert place.check("dev") == (0, [])


@pytest.mark.parametrize("name", ["SHOP_HOST", "SHOP_HTTP_PORT", "SHOP_HTTPS_PORT", "SHOP_SECRETS"])
def test_a_variable_is_missing(ready: Place, name: str) -> None:
    ready.replace(".env", f"{name}=", f"# {name}=")
    assert ready.check() == (1, [f"{name} is missing in .env"])
    if name == "SHOP_HOST":
        ready.env[name] = "shop.example"
        assert ready.check() == (0, [])


@pytest.mark.parametrize("name", ["kafka_jaas", "orders_mongodb_uri", "tls_key", "products_db_root_password"])
def test_a_secret_is_missing_or_empty(ready: Place, name: str) -> None:
    file = ready.folder / ".secrets" / name
    file.chmod(0o644)
    file.write_text("\n")
    said = f"./.secrets/{name} is missing or empty: run make secrets"
    assert ready.check() == (1, [said])
    file.unlink()
    assert ready.check() == (1, [said])
    ready.secrets()
    assert ready.check() == (0, [])


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short-but-random", None),
        ("short-but-rando", "is shorter than 16 characters"),
        ("secretsecretsecret", "is easily guessed"),
        ("ShopPassword-2026-2026", "is easily guessed"),
        ("changeme changeme", "is easily guessed"),
    ],
)
def test_a_password_is_weak(ready: Place, password: str, said: str | None) -> None:
    """Every service looks at its own again: shop_kit/weak_secrets.py."""
    file = ready.folder / ".secrets" / "orders_db_password"
    file.chmod(0o644)
    file.write_text(password + "\n")
    assert ready.check() == ((1, [f"./.secrets/orders_db_password {said}"]) if said else (0, []))


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind((LOOPBACK, 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_is_taken(ready: Place, taken: int) -> None:
    ready.env["SHOP_HTTPS_PORT"] = ready.env["SHOP_PORT"] = str(taken)
    assert ready.check() == (1, [f"port {taken} is taken: choose another SHOP_HTTPS_PORT"])
    assert ready.check("dev") == (1, [f"port {taken} is taken: choose another SHOP_PORT"])


def test_a_panels_port_is_taken(ready: Place, taken: int) -> None:
    ready.env["SHOP_ORDERS_DB_PANEL_PORT"] = str(taken)
    assert ready.check("dev") == (0, [])
    ready.env |= {"COMPOSE_PROFILES": "others,panels"}
    others = ("SHOP_AUTHENTICATION_DB_PANEL_PORT", "SHOP_PRODUCTS_DB_PANEL_PORT", "SHOP_KAFKA_PANEL_PORT")
    ready.env |= {name: str(port) for port, name in enumerate(others, free_ports(3))}
    assert ready.check("dev") == (1, [f"port {taken} is taken: choose another SHOP_ORDERS_DB_PANEL_PORT"])


def test_a_port_that_the_shop_itself_has_is_not_taken(ready: Place, taken: int) -> None:
    ready.env |= {"SHOP_HTTPS_PORT": str(taken), "PUBLISHED": f"0.0.0.0:{taken}"}
    assert ready.check() == (0, [])


@pytest.mark.parametrize("port", ["https", "0", "65536", "-1"])
def test_a_port_is_none(ready: Place, port: str) -> None:
    ready.env["SHOP_HTTP_PORT"] = port
    assert ready.check() == (1, [f"SHOP_HTTP_PORT is {port}: that is no port"])


def test_all_that_is_wrong_is_said_at_once(ready: Place, taken: int) -> None:
    (ready.folder / ".secrets" / "tls_key").unlink()
    ready.replace(".env", "SHOP_HOST=", "# SHOP_HOST=")
    ready.env["SHOP_HTTPS_PORT"] = str(taken)
    assert ready.check() == (
        1,
        [
            "SHOP_HOST is missing in .env",
            "./.secrets/tls_key is missing or empty: run make secrets",
            f"port {taken} is taken: choose another SHOP_HTTPS_PORT",
        ],
    )


def test_only_then_it_is_started(ready: Place) -> None:
    code, said = ready.run("up", "prod")
    assert (code, said[0]) == (0, "started")
    ready.env["ENGINE"] = ""
    assert ready.run("up", "prod") == ready.check()
