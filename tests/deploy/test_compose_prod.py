"""docker-compose-prod.yaml, started as a whole: an order through TLS, and what it keeps from whom."""

import json
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from lab.engine import Engine
from lab.errors import LabError
from lab.layout import ROOT
from local_stack.ports import LOOPBACK, free_ports

from tests.deploy.composed import Composed, composed
from tests.deploy.first_order import chairs_left, decided, offer_chairs, place, register, signed_in

FILE = "docker-compose-prod.yaml"
SERVICES = ["authentication-ms", "gateway-ms", "orders-ms", "products-ms"]
DATABASES = ["authentication-db", "orders-db", "products-db"]
ALL = sorted([*SERVICES, *DATABASES, "kafka", "web-shop"])
ADMIN, CUSTOMER, PASSWORD = "admin@shop.example", "aaa@shop.example", "a password of the tests"


@dataclass
class Shop:
    """A shop in production; `http` has registered nobody yet."""

    composed: Composed
    folder: Path
    http: httpx2.Client
    http_port: int

    def secrets(self) -> dict[str, str]:
        return {path.name: path.read_text().strip() for path in (self.folder / ".secrets").iterdir()}


@pytest.fixture(scope="module")
def shop(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("prod")
    port = free_ports(2)
    given = {"SHOP_HTTP_PORT": str(port), "SHOP_HTTPS_PORT": str(port + 1)}
    subprocess.run([ROOT / "infrastructure/compose/make-secrets", folder], env={**engine.env, **given}, check=True)
    settings = dict(line.split("=", 1) for line in (folder / ".env").read_text().splitlines())
    settings |= {
        "SHOP_SECRETS": str(folder / ".secrets"),
        "SHOP_TAG": "tried",
        "COMPOSE_PROJECT_NAME": "shop-tried-prod",
    }
    trust = ssl.create_default_context(cafile=str(folder / ".secrets" / "tls_certificate"))
    address = f"https://localhost:{port + 1}"
    with composed(engine, FILE, settings) as project, httpx2.Client(base_url=address, verify=trust, timeout=30) as http:
        yield Shop(project, folder, http, port)


@pytest.fixture(scope="module")
def customer(shop: Shop) -> dict[str, str]:
    """Somebody who is signed in to a shop that has chairs."""
    for email in (ADMIN, CUSTOMER):
        register(shop.http, email, PASSWORD)
    said = shop.composed.execute("authentication-ms", "python", "-m", "authentication.cli", "make-admin", ADMIN)
    assert said == f"{ADMIN} is an admin\n"
    offer_chairs(shop.http, signed_in(shop.http, ADMIN, PASSWORD))
    return signed_in(shop.http, CUSTOMER, PASSWORD)


def test_the_files_are_valid(engine: Engine) -> None:
    prod = Composed(
        engine, FILE, dict.fromkeys(("SHOP_HOST", "SHOP_HTTP_PORT", "SHOP_HTTPS_PORT", "SHOP_SECRETS"), "1")
    )
    assert prod.services() == ALL
    dev = Composed(engine, "docker-compose-dev.yaml", {})
    assert dev.services() == ALL
    panels = ["authentication-db-panel", "kafka-panel", "orders-db-panel", "products-db-panel"]
    assert Composed(engine, dev.file, {"COMPOSE_PROFILES": "panels"}).services() == sorted([*ALL, *panels])


def test_without_an_env_it_says_what_to_do(engine: Engine) -> None:
    with pytest.raises(LabError, match=r"required variable SHOP_\w+ is missing a value: run make secrets"):
        Composed(engine, FILE, {"COMPOSE_DISABLE_ENV_FILE": "1"}).compose("config", "--quiet")


def test_the_first_order(shop: Shop, customer: dict[str, str]) -> None:
    before = chairs_left(shop.http)
    order = place(shop.http, customer, 2)
    assert (order["status"], order["cost"]) == ("PENDING", 59.98)
    assert decided(shop.http, customer, order) == "ACCEPTED"
    assert chairs_left(shop.http) == before - 2


def test_the_page_comes_by_tls_only(shop: Shop) -> None:
    page = shop.http.get("/")
    assert (page.status_code, "<title>" in page.text) == (200, True)
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert page.headers["Server"] == "nginx"
    answer = httpx2.get(f"http://{LOOPBACK}:{shop.http_port}/products?q=a", headers={"Host": "evil.test"})
    assert (answer.status_code, answer.headers["Location"]) == (308, f"{shop.http.base_url}/products?q=a")


def test_the_log_has_the_clients_address_whatever_it_claims(shop: Shop) -> None:
    shop.http.get("/api/health?forged", headers={"X-Forwarded-For": "6.6.6.6"})
    lines = shop.composed.engine.docker("logs", shop.composed.described("web-shop")["Id"]).splitlines()
    asked = [json.loads(line) for line in lines if '"path":"/api/health"' in line]
    assert (len(asked), asked[0]["status"], asked[0]["client"] != "6.6.6.6") == (1, 200, True)


def test_a_service_that_is_killed_comes_back_and_no_order_is_lost(shop: Shop, customer: dict[str, str]) -> None:
    shop.composed.kill("products-ms")
    order = place(shop.http, customer, 1)
    assert decided(shop.http, customer, order) == "ACCEPTED"
    shop.composed.kill("gateway-ms")
    deadline = time.monotonic() + 60
    statuses = []
    while not statuses or (statuses[-1] != 200 and time.monotonic() < deadline):
        statuses.append(shop.http.get("/api/products").status_code)
        time.sleep(0.2)
    assert (statuses[-1], set(statuses[:-1]) <= {503}) == (200, True)
    assert shop.composed.described("products-ms")["RestartCount"] == 1


def test_only_nginx_can_be_reached_from_outside(shop: Shop) -> None:
    ports = {
        (name, port): at
        for name in ALL
        for port, at in shop.composed.described(name)["NetworkSettings"]["Ports"].items()
    }
    assert {port for port, at in ports.items() if at} == {("web-shop", "8080/tcp"), ("web-shop", "8443/tcp")}


def reaches(shop: Shop, service: str, host: str, port: int) -> bool:
    """Whether the service's container gets a connection to that host."""
    program = f"import socket; socket.create_connection(({host!r}, {port}), 2); print('yes')"
    try:
        return shop.composed.python(service, program) == "yes\n"
    except LabError:
        return False


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reaches_its_own_database_and_no_other(shop: Shop, service: str) -> None:
    own = service.replace("-ms", "-db")
    for database in DATABASES:
        networks = shop.composed.described(database)["NetworkSettings"]["Networks"]
        (address,) = [network["IPAddress"] for network in networks.values()]
        assert [reaches(shop, service, host, 27017) for host in (database, address)] == [database == own] * 2
    assert reaches(shop, service, "kafka", 9092) is (service in ("orders-ms", "products-ms"))
    assert reaches(shop, service, "kafka", 9093) is False


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_does_not_get_out(shop: Shop, service: str) -> None:
    gateway = shop.composed.engine.docker(
        "network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"
    )
    assert reaches(shop, service, "192.0.2.1", 80) is False
    assert reaches(shop, service, gateway.strip(), shop.http_port) is False


@pytest.mark.parametrize("service", ALL)
def test_a_container_is_locked_down(shop: Shop, service: str) -> None:
    described = shop.composed.described(service)["HostConfig"]
    assert described["RestartPolicy"]["Name"] == "unless-stopped"
    assert described["LogConfig"] == {"Type": "json-file", "Config": {"max-file": "5", "max-size": "10m"}}
    assert described["Memory"] > 0 and described["PidsLimit"] > 0
    with pytest.raises(LabError, match="Read-only file system"):
        shop.composed.execute(service, "sh", "-c", "echo > /written", user="0")
    lines = shop.composed.execute(service, "cat", "/proc/1/status").splitlines()
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    rights = {name: int(status[name], 16) for name in ("CapEff", "CapPrm", "CapBnd", "CapAmb")}
    assert (set(rights.values()), status["NoNewPrivs"], "0" in status["Uid"].split()) == ({0}, "1", False)


@pytest.mark.parametrize("service", ALL)
def test_no_secret_is_in_a_containers_environment_description_or_log(shop: Shop, service: str) -> None:
    seen = json.dumps(shop.composed.described(service))
    seen += shop.composed.execute(service, "sh", "-c", "tr '\\0' '\\n' < /proc/1/environ; cat /proc/1/cmdline")
    seen += shop.composed.compose("logs", "--no-color", service)
    for name, secret in shop.secrets().items():
        # Of a key or a certificate, its first line of content.
        lines = [line for line in secret.splitlines() if not line.startswith("-----")]
        assert lines[0] not in seen, name


def test_a_container_has_no_others_secrets(shop: Shop) -> None:
    held = {name: shop.composed.execute(name, "ls", "/run/secrets").split() for name in ALL if name != "gateway-ms"}
    database = ["db_password", "db_root_password"]
    assert held == {
        "authentication-db": database,
        "authentication-ms": ["jwt_private_key", "jwt_second_public_key", "mongodb_uri"],
        "kafka": ["kafka_jaas"],
        "orders-db": database,
        "orders-ms": ["kafka_sasl_password", "mongodb_uri"],
        "products-db": database,
        "products-ms": ["kafka_sasl_password", "mongodb_uri"],
        "web-shop": ["tls_certificate", "tls_key"],
    }


def count_orders(shop: Shop, uri: str) -> str:
    program = f"import pymongo; print(pymongo.MongoClient({uri!r}, timeoutMS=5000).shop.orders.count_documents({{}}))"
    return shop.composed.python("orders-ms", program)


def test_a_database_wants_the_right_password(shop: Shop, customer: dict[str, str]) -> None:
    uri = shop.secrets()["orders_mongodb_uri"]
    password = shop.secrets()["orders_db_password"]
    assert int(count_orders(shop, uri)) >= 0
    for wrong in (uri.replace(password, "another"), "mongodb://orders-db:27017/?directConnection=true"):
        with pytest.raises(LabError, match=r"[Aa]uthenti"):
            count_orders(shop, wrong)


def test_the_broker_wants_the_right_password(shop: Shop) -> None:
    def topics(password: str) -> str:
        program = f"""
import asyncio
from aiokafka.admin import AIOKafkaAdminClient
async def main():
    admin = AIOKafkaAdminClient(bootstrap_servers="kafka:9092", security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="PLAIN", sasl_plain_username="orders-ms", sasl_plain_password={password!r})
    try:
        await admin.start()
        print(sorted(await admin.list_topics()))
    finally:
        await admin.close()
asyncio.run(main())
"""
        return shop.composed.python("orders-ms", program)

    assert "'shop.OrderCreate'" in topics(shop.secrets()["orders_kafka_password"])
    with pytest.raises(LabError, match=r"AuthenticationFailed|KafkaConnectionError"):
        topics("another")
