"""A shop as `make up` starts it, once on each broker; and the list of guarantees that were removed, in the end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from local_stack.ports import free_ports
from local_stack.profile import Broker
from local_stack.stack import Stack

from tests.invariants import Databases, stale
from tests.shop import Books, Shop, eventually

REMOVED = "removed"
"""The property under which a test records which guarantee it removed, and which check noticed."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed = terminalreporter.getreports("passed")
    told = [str(value) for report in passed for name, value in report.user_properties if name == REMOVED]
    if told:
        terminalreporter.section("removed guarantees, and the check that noticed")
        terminalreporter.write("".join(f"{line}\n" for line in told))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where tests run side by side, those that share a shop still run one after the other."""
    for item in items:
        if isinstance(item, pytest.Function) and {"stack", "broker"} <= set(item.fixturenames):
            item.add_marker(pytest.mark.xdist_group(f"shop-{item.callspec.params['broker']}"))


@pytest.fixture
def noticed(record_property: Callable[[str, object], None]) -> Callable[[str, str], None]:
    """To be called with the guarantee that the test removed, and the check that noticed."""
    return lambda guarantee, check: record_property(REMOVED, f"{guarantee:52} {check}")


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
        asyncio.run(_until_copied(stack))
        yield stack


async def _until_copied(stack: Stack) -> None:
    """A new shop is healthy a moment before the copy knows its first products."""
    async with Databases(stack) as db:

        async def same() -> bool:
            return not await stale(db)

        await eventually(same, "the copy knows the start data")


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
