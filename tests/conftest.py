"""A shop as `make up` starts it, once on each broker."""

from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest
from local_stack.ports import free_ports
from local_stack.profile import Broker
from local_stack.stack import Stack

from tests.shop import Books, Shop


@pytest.fixture(scope="session")
def stack(broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All programs of the shop, healthy."""
    with Stack(tmp_path_factory.mktemp(broker), free_ports(10), broker) as stack:
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
