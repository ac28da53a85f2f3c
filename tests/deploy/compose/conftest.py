"""The shop of docker-compose-prod.yaml, which these tests share."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace

import httpx2
import pytest
from lab.engine import Engine
from local_stack.ports import free_ports

from tests.deploy.compose.composed import Composed, clone, started
from tests.deploy.compose.first_order import offer_chairs, register, signed_in

SERVICES = ["authentication-ms", "gateway-ms", "orders-ms", "products-ms"]
DATABASES = ["authentication-db", "orders-db", "products-db"]
ALL = sorted([*SERVICES, *DATABASES, "kafka", "web-shop"])
ADMIN, CUSTOMER, PASSWORD = "admin@shop.example", "aaa@shop.example", "a password of the tests"


@dataclass
class Shop:
    """A shop in production, which said this when it was ready."""

    composed: Composed
    said: str
    http: httpx2.Client
    http_port: int

    def secrets(self) -> dict[str, str]:
        return {path.name: path.read_text().strip() for path in (self.composed.folder / ".secrets").iterdir()}


@pytest.fixture(scope="package")
def fresh(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Composed:
    """A clone in which nothing was made yet."""
    folder = tmp_path_factory.mktemp("shop")
    clone(folder)
    # A tag of its own: taking the shop down takes its images away, too.
    return Composed(engine, folder, "prod", {"COMPOSE_PROJECT_NAME": "shop-tried-prod", "SHOP_TAG": "tried"})


@pytest.fixture(scope="package")
def shop(fresh: Composed) -> Iterator[Shop]:
    port = free_ports(2)
    given = {"SHOP_HTTP_PORT": str(port), "SHOP_HTTPS_PORT": str(port + 1)}
    replace(fresh, env={**fresh.env, **given}).script("make-secrets")
    trust = ssl.create_default_context(cafile=str(fresh.folder / ".secrets" / "tls_certificate"))
    address = f"https://localhost:{port + 1}"
    with started(fresh) as said, httpx2.Client(base_url=address, verify=trust, timeout=30) as http:
        yield Shop(fresh, said, http, port)


@pytest.fixture(scope="package")
def customer(shop: Shop) -> dict[str, str]:
    """Somebody who is signed in to a shop that has chairs."""
    for email in (ADMIN, CUSTOMER):
        register(shop.http, email, PASSWORD)
    said = shop.composed.execute("authentication-ms", "python", "-m", "authentication.cli", "make-admin", ADMIN)
    assert said == f"{ADMIN} is an admin\n"
    offer_chairs(shop.http, signed_in(shop.http, ADMIN, PASSWORD))
    return signed_in(shop.http, CUSTOMER, PASSWORD)
