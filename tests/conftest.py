"""A shop as `make up` starts it, once on each broker."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest
from local_stack.ports import free_ports
from local_stack.profile import Broker
from local_stack.stack import Stack

from tests.shop import Books, Shop


@pytest.fixture(scope="session")
def lethal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a test orders a service to die; see lethal/sitecustomize.py."""
    return tmp_path_factory.mktemp("lethal")


@pytest.fixture(scope="session")
def stack(broker: Broker, lethal: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All programs of the shop, healthy."""
    hook = {"PYTHONPATH": str(Path(__file__).parent / "lethal"), "SHOP_LETHAL": str(lethal)}
    extra = {"orders-ms": hook, "products-ms": hook}
    with Stack(tmp_path_factory.mktemp(broker), free_ports(10), broker, extra) as stack:
        yield stack


@pytest.fixture(scope="session")
def books(stack: Stack) -> Books:
    """The books of the stack, opened before its first order."""
    books = Books()
    for product in httpx2.get(stack.url + "/products").json()["products"]:
        books.given[product["name"]] += product["quantity"]
    return books


@pytest.fixture
async def shop(stack: Stack, books: Books) -> AsyncIterator[Shop]:
    limits = httpx2.Limits(max_connections=200)
    async with httpx2.AsyncClient(base_url=stack.url, limits=limits, timeout=30) as http:
        yield Shop(stack, books, http)
