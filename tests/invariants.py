"""What must hold of the shop, whatever happened to it: read from its three databases, each guarantee once.

`always` looks on while things happen, `check` when all has become quiet again.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any, Protocol

from bson import ObjectId
from local_stack.stack import Stack
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError
from shop_kit.names import name_key

from tests.shop import Books, eventually

Document = dict[str, Any]
DEMO = {ObjectId(f"{number}fefe4a1cad4140785928a4") for number in (71, 72, 73)}
"""The orders of the start data: its stock is what was left after them."""


class HasDatabases(Protocol):
    def mongo_uri(self, service: str) -> str: ...


class Databases:
    """The three databases of a stack, read from behind the services' backs."""

    def __init__(self, stack: HasDatabases):
        self._clients = [
            AsyncMongoClient[Document](stack.mongo_uri(name))
            for name in ("authentication-ms", "products-ms", "orders-ms")
        ]
        self.authentication, self.products, self.orders = (client.shop for client in self._clients)

    async def __aenter__(self) -> "Databases":
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self._clients:
            await client.close()


async def rows(collection: Any) -> dict[ObjectId, Document]:
    return {document["_id"]: document async for document in collection.find()}


class Always:
    """Remembers what it saw, so that it can say that nothing went back."""

    def __init__(self) -> None:
        self._versions: dict[tuple[str, ObjectId], int] = {}
        self._statuses: dict[ObjectId, str] = {}

    async def look(self, db: Databases) -> None:
        for where, collection in (("stock", db.products.products), ("copy", db.orders.products)):
            async for product in collection.find():
                assert product["quantity"] >= 0, product
                assert product["version"] >= self._versions.get((where, product["_id"]), 0), f"{where} went back"
                self._versions[where, product["_id"]] = product["version"]
        async for order in db.orders.orders.find():
            before = self._statuses.get(order["_id"], "PENDING")
            assert before in ("PENDING", order["status"]), f"{order} left its final status {before}"
            self._statuses[order["_id"]] = order["status"]


@contextlib.asynccontextmanager
async def always(stack: Stack) -> AsyncIterator[None]:
    """Stock is never below zero, versions never go back, and a final status stays: looked at all the while."""
    seen, done = Always(), asyncio.Event()

    async def watch(db: Databases) -> None:
        while not done.is_set():
            with contextlib.suppress(PyMongoError):
                await seen.look(db)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), 0.2)

    async with Databases(stack) as db:
        watching = asyncio.create_task(watch(db))
        try:
            yield
        finally:
            done.set()
            await watching
        await seen.look(db)


async def check(stack: Stack, books: Books, seconds: float = 60) -> None:
    """All is decided and told within `seconds`; then the books agree with what is stored."""
    async with Databases(stack) as db:

        async def quiet() -> bool:
            return not (await undecided(db) or await stale(db))

        try:
            await eventually(quiet, "every order is decided and the copy is the stock", seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}; open: {await undecided(db)}, stale: {await stale(db)}") from None
        orders, ledger = await rows(db.orders.orders), await rows(db.products.orders)
        _every_answered_order_is_there(books, orders)
        _the_ledger_and_the_orders_agree(orders, ledger)
        _the_stock_adds_up(books, ledger, await rows(db.products.products))
        accounts = [account["email_key"] async for account in db.authentication.users.find()]
        assert len(accounts) == len(set(accounts))


async def undecided(db: Databases) -> list[ObjectId]:
    return [order["_id"] async for order in db.orders.orders.find({"status": "PENDING"})]


async def stale(db: Databases) -> set[str]:
    """The names of products whose copy is not what products-ms has."""
    stock, copy = await shown(db.products.products), await shown(db.orders.products)
    return {product[0] for key, product in (stock | copy).items() if stock.get(key) != copy.get(key)}


async def shown(products: Any) -> dict[ObjectId, tuple[str, Decimal, int, int]]:
    return {
        key: (p["name"], p["price"].to_decimal(), p["quantity"], p["version"])
        for key, p in (await rows(products)).items()
    }


def _every_answered_order_is_there(books: Books, orders: dict[ObjectId, Document]) -> None:
    for order_id, promised in books.orders.items():
        stored = orders[ObjectId(order_id)]
        assert stored["client_email"] == promised["client_email"]
        assert lines(stored) == [(x["name"], x["quantity"]) for x in promised["products"]]
        assert "outbox" not in stored
    assert set(orders) - DEMO == {ObjectId(order_id) for order_id in books.orders}


def _the_ledger_and_the_orders_agree(orders: dict[ObjectId, Document], ledger: dict[ObjectId, Document]) -> None:
    assert {key: row["status"] for key, row in ledger.items()} == {key: o["status"] for key, o in orders.items()}
    for key in set(ledger) - DEMO:
        assert reason(ledger[key]) == reason(orders[key])
        # The ledger names products by their keys.
        assert lines(ledger[key]) == [(name_key(name), quantity) for name, quantity in lines(orders[key])]


def _the_stock_adds_up(books: Books, ledger: dict[ObjectId, Document], stock: dict[ObjectId, Document]) -> None:
    sold: Counter[str] = Counter()
    for row in ledger.values():
        for name, quantity in lines(row) if row["status"] == "ACCEPTED" and row["_id"] not in DEMO else []:
            sold[name] += quantity
    left = {product["name"]: product["quantity"] for product in stock.values()}
    assert left == {name: given - sold[name_key(name)] for name, given in books.given.items()}


def reason(row: Document) -> tuple[str, int] | None:
    """What an order or a decision says was lacking, and how much was left."""
    return (row["lacking"]["name"], row["lacking"]["left"]) if "lacking" in row else None


def lines(order: Document) -> list[tuple[str, int]]:
    return [(line["name"], line["quantity"]) for line in order["products"]]
