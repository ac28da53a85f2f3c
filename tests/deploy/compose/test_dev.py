"""docker-compose-dev.yaml, started as a whole: demo data, real replica sets, and what is saved is served."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import httpx2
import pytest
from lab.engine import Engine
from local_stack.ports import LOOPBACK, free_ports

from tests.deploy.compose.composed import Composed, clone, started
from tests.deploy.compose.conftest import ALL, DATABASES
from tests.deploy.compose.first_order import chairs_left, decided, place, signed_in

PANELS = ["authentication-db-panel", "kafka-panel", "orders-db-panel", "products-db-panel"]


@dataclass
class Workshop:
    """A shop to work on."""

    composed: Composed
    said: str
    http: httpx2.Client

    def save(self, file: str, old: str, new: str) -> None:
        """As an editor would."""
        path = self.composed.folder / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def workshop(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    folder = tmp_path_factory.mktemp("shop")
    clone(folder)
    port = free_ports(1)
    shop = Composed(engine, folder, "dev", {"COMPOSE_PROJECT_NAME": "shop-tried-dev", "SHOP_PORT": str(port)})
    with started(shop) as said, httpx2.Client(base_url=f"http://{LOOPBACK}:{port}", timeout=30) as http:
        yield Workshop(shop, said, http)


def becomes(asked: Callable[[], bool], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not asked():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.3)
    return True


def test_the_first_order_of_the_readme(workshop: Workshop) -> None:
    customer = signed_in(workshop.http, "aaa@aaa.com", "aaa@aaa.com")
    assert chairs_left(workshop.http) == 30
    order = place(workshop.http, customer, 2)
    assert (order["status"], order["cost"]) == ("PENDING", 59.98)
    assert decided(workshop.http, customer, order) == "ACCEPTED"
    assert chairs_left(workshop.http) == 28


def test_it_has_one_address_on_this_machine_only(workshop: Workshop) -> None:
    address = f"{LOOPBACK}:{workshop.http.base_url.port}"
    assert workshop.composed.published() == {("web-shop", "8080/tcp"): {address}}
    assert f"The shop is ready: http://{address}\n" in workshop.said


def test_the_panels_are_a_profile(workshop: Workshop) -> None:
    assert workshop.composed.services() == ALL
    with_panels = replace(workshop.composed, env={**workshop.composed.env, "COMPOSE_PROFILES": "panels"})
    assert with_panels.services() == sorted([*ALL, *PANELS])


@pytest.mark.parametrize("database", DATABASES)
def test_each_database_is_the_primary_of_a_set(workshop: Workshop, database: str) -> None:
    asked = "const it = db.hello(); print(it.isWritablePrimary, typeof it.setName)"
    assert workshop.composed.execute(database, "mongosh", "--quiet", "--norc", "--eval", asked) == "true string\n"


def test_a_saved_python_file_is_served(workshop: Workshop) -> None:
    def said() -> str:
        answer = workshop.http.post("/api/login", json={"email": "aaa@aaa.com", "password": "wrong"})
        detail: str = answer.json()["detail"]
        return detail

    assert said() == "Incorrect e-mail or password"
    workshop.save("authentication-ms/authentication/errors.py", "Incorrect e-mail or password", "Not today")
    assert becomes(lambda: said() == "Not today")


def test_a_saved_file_of_the_web_shop_is_served(workshop: Workshop) -> None:
    def served() -> str:
        return workshop.http.get("/src/routes.tsx").text

    assert "savedJustNow" not in served()
    routes = workshop.composed.folder / "frontend" / "src" / "routes.tsx"
    routes.write_text(routes.read_text() + '\nexport const savedJustNow = "yes";\n')
    assert becomes(lambda: "savedJustNow" in served())
