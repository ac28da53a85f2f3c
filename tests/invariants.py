"""What is true of the shop whenever it is quiet, read from its databases."""

from collections import Counter
from typing import Any

from local_stack.stack import Stack
from pymongo import MongoClient
from pymongo.database import Database

from tests.shop import Books, eventually

Document = dict[str, Any]


class Databases:
    """products-db and orders-db, read directly."""

    def __init__(self, stack: Stack):
        self._clients = [MongoClient[Document](stack.mongo_uri(s)) for s in ("products-ms", "orders-ms")]
        self.products: Database[Document] = self._clients[0].shop
        self.orders: Database[Document] = self._clients[1].shop

    def close(self) -> None:
        for client in self._clients:
            client.close()

    def copy_lags(self) -> list[str]:
        """The names of products whose copy is not at their version."""
        copy = {d["_id"]: (d["version"], d["quantity"]) for d in self.orders.products.find()}
        return [d["name"] for d in self.products.products.find() if copy.get(d["_id"]) != (d["version"], d["quantity"])]


async def check(stack: Stack, books: Books) -> None:
    """Wait until every order is decided and the copy is current; then the books, the ledger and the stock agree."""
    databases = Databases(stack)
    try:

        async def decided() -> bool:
            return databases.orders.orders.count_documents({"status": "PENDING"}) == 0

        async def current() -> bool:
            return not databases.copy_lags()

        await eventually(decided, "every order is decided", 60)
        await eventually(current, "the copy is the stock", 60)
        _check(databases, books)
    finally:
        databases.close()


def _check(databases: Databases, books: Books) -> None:
    ledger = {d["_id"]: d["status"] for d in databases.products.orders.find()}
    orders = {d["_id"]: d for d in databases.orders.orders.find()}
    assert {key: order["status"] for key, order in orders.items()} == ledger, "orders and ledger differ"
    placed = {str(key) for key in orders}
    assert set(books.orders) <= placed, "an order that was answered 201 is not there"
    sold: Counter[str] = Counter()
    for key, promised in books.orders.items():
        order = next(o for k, o in orders.items() if str(k) == key)
        assert order["client_email"] == promised["client_email"]
        if order["status"] == "ACCEPTED":
            for line in promised["products"]:
                sold[line["name"]] += line["quantity"]
    for product in databases.products.products.find():
        name, quantity = product["name"], product["quantity"]
        assert quantity >= 0, name
        assert quantity == books.given[name] - sold[name], f"{name}: the stock equation does not hold"
