"""What must hold at every moment, looked at after every single effect on a database or the broker.

S1 stock is never below zero              S5 an order's answer is the ledger's
S2 start + restocks - accepted = stock    S6 every 201 is there, a repeated key made no second one
S3 one decision and one debit an order    S7 no decision without an order
S4 a final status stays                   S8 versions never fall, and the copy at v is the product at v
"""

from collections import Counter
from typing import Any

from bson import ObjectId

from tests.simulation.books import STOCK, Books
from tests.simulation.documents import Document
from tests.simulation.store import Database

S1 = "S1 stock is never below zero"
S2 = "S2 start + restocks - accepted = stock"
S3 = "S3 one decision and one debit an order"
S4 = "S4 a final status stays"
S5 = "S5 an order's answer is the ledger's"
S6 = "S6 every 201 is there, a repeated key made no second one"
S7 = "S7 no decision without an order"
S8 = "S8 versions never fall, and the copy at v is the product at v"


class ViolationError(AssertionError):
    """`check` is the name of what does not hold."""

    def __init__(self, check: str, what: object):
        super().__init__(f"{check}: {what}")
        self.check = check


def require(holds: bool, check: str, what: object) -> None:
    if not holds:
        raise ViolationError(check, what)


class Safety:
    """Remembers what it saw, so that it can say that nothing went back or happened twice."""

    def __init__(self, products: Database, orders: Database, books: Books):
        self._products, self._orders, self._books = products, orders, books
        self.violated = False
        self._raw: list[Any] = []
        self._ledger: dict[ObjectId, Document] = {}
        self._statuses: dict[ObjectId, str] = {}
        self._stock = Counter(STOCK)
        self._restocked: set[str] = set()
        self._versions: dict[tuple[str, int], tuple[Any, int]] = {}
        self._newest: dict[str, int] = {}
        self._copied: dict[str, int] = {}

    def look(self) -> None:
        """Raises ViolationError."""
        try:
            self._look()
        except ViolationError:
            self.violated = True
            raise

    def _look(self) -> None:
        raw = [dict(d.rows(t)) for d in (self._products, self._orders) for t in ("products", "orders", "restocks")]
        if raw == self._raw:
            return
        self._raw = raw
        ledger = {row["_id"]: row for row in self._products.documents("orders")}
        orders = {row["_id"]: row for row in self._orders.documents("orders")}
        self._look_at_decisions(ledger, orders)
        self._look_at_stock(ledger)
        self._look_at_orders(ledger, orders)
        self._look_at_copy()

    def forget_the_copy(self) -> None:
        """The copy was lost by an accident: it may begin anew."""
        self._copied.clear()

    def _look_at_decisions(self, ledger: dict[ObjectId, Document], orders: dict[ObjectId, Document]) -> None:
        for key, row in self._ledger.items():
            require(ledger.get(key) == row, S3, f"the ledger had {row} and has {ledger.get(key)}")
        for key in ledger:
            require(key in orders, S7, ledger[key])

    def _look_at_stock(self, ledger: dict[ObjectId, Document]) -> None:
        debits: Counter[str] = Counter()
        for key in set(ledger) - set(self._ledger):
            if ledger[key]["status"] == "ACCEPTED":
                for line in ledger[key]["products"]:
                    debits[line["name"]] += line["quantity"]
        self._ledger = ledger
        stock = {row["name"]: row for row in self._products.documents("products")}
        restocks = self._products.documents("restocks")
        for name, product in stock.items():
            quantity, version = product["quantity"], product["version"]
            require(quantity >= 0, S1, product)
            new = sum(r["delta"] for r in restocks if r["slug"] == name and r["_id"] not in self._restocked)
            at_once = self._stock[name] - debits[name] + new == quantity
            require(at_once, S3, f"{name} went from {self._stock[name]} to {quantity} by -{debits[name]} and +{new}")
            self._stock[name] = quantity
            require(version >= self._newest.get(name, 0), S8, f"version of {name} fell to {version}")
            self._newest[name] = version
            seen = self._versions.setdefault((name, version), (product["price"], quantity))
            require(seen == (product["price"], quantity), S8, f"{name} changed and is still version {version}")
            accepted = sum(
                line["quantity"]
                for row in ledger.values()
                if row["status"] == "ACCEPTED"
                for line in row["products"]
                if line["name"] == name
            )
            restocked = sum(r["delta"] for r in restocks if r["slug"] == name)
            require(STOCK[name] + restocked - accepted == quantity, S2, f"{quantity} of {name}")
        self._restocked = {r["_id"] for r in restocks}

    def _look_at_orders(self, ledger: dict[ObjectId, Document], orders: dict[ObjectId, Document]) -> None:
        for key, before in self._statuses.items():
            after = orders[key]["status"] if key in orders else "gone"
            require(before in ("PENDING", after), S4, f"order {key} was {before} and is {after}")
        self._statuses = {key: row["status"] for key, row in orders.items()}
        for key, status in self._statuses.items():
            decided = ledger[key]["status"] if key in ledger else None
            require(status in ("PENDING", decided), S5, f"order {key} is {status}, the ledger says {decided}")
            known = ledger[key].get("lacking", {}) if status != "PENDING" else {}
            told = {name: known[name] for name in ("name", "left") if known}
            require(orders[key].get("lacking", {}) == told, S5, f"order {key} is {orders[key]}, and lacked {told}")
        keys = Counter(row["idempotency_key"] for row in orders.values() if "idempotency_key" in row)
        require(all(n == 1 for n in keys.values()), S6, keys)
        for post in self._books.posts:
            require(len(set(post.orders)) <= 1, S6, f"the key {post.key} was answered with {post.orders}")
            for key in post.orders:
                lines = tuple((x["name"], x["quantity"]) for x in orders[key]["products"]) if key in orders else None
                require(lines == post.lines, S6, f"order {key} has {lines}, and not {post.lines}")
        for restock in self._books.restocks:
            require(not restock.answered or restock.key in self._restocked, S6, restock)

    def _look_at_copy(self) -> None:
        for copy in self._orders.documents("products"):
            name, version = copy["name"], copy["version"]
            require(copy["quantity"] >= 0, S1, copy)
            require(version >= self._copied.get(name, 0), S8, f"the copy of {name} went back to version {version}")
            self._copied[name] = version
            told = self._versions.get((name, version))
            require(told == (copy["price"], copy["quantity"]), S8, f"{name} at {version} was {told}, not {copy}")
