"""Buyers who order at the same time, an admin who adds and restocks, and visitors who look at what they are shown."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bson import ObjectId

from tests.faults.client import Client
from tests.faults.history import Kind, Request, outcome

Act = Callable[[], Awaitable[None]]

BUYERS = 8
PACE = 0.15
"""Seconds between a buyer's orders, and between a visitor's looks: a machine that is all load heals nothing."""
PRODUCTS = 8
NEWEST = 100
ADMIN = "admin@admin.com"


@dataclass
class Seen:
    """What visitors were shown that must never be: each a sentence that begins with the check's name."""

    wrong: list[str] = field(default_factory=list)
    _final: dict[str, tuple[str, float]] = field(default_factory=dict)

    def order(self, shown: Request) -> None:
        """A final status stays, in every answer to a question asked after it was first shown."""
        order_id, status = shown.answer["id"], shown.answer["status"]
        before, since = self._final.get(order_id, ("PENDING", 0.0))
        if before not in ("PENDING", status) and (status != "PENDING" or shown.began > since):
            self.wrong.append(f"S4 order {order_id} was shown as {before}, then as {status}")
        if before == "PENDING" and status != "PENDING":
            self._final[order_id] = (status, shown.ended)


class Load:
    """Everybody who uses the shop until it is `closed`; the products they know of are in `names`."""

    def __init__(self, client: Client, chance: random.Random):
        self._client = client
        self._chance = chance
        self.names: list[str] = []
        self.seen = Seen()
        self.closed = asyncio.Event()
        self._placed: list[tuple[str, str]] = []

    def newest(self) -> list[ObjectId]:
        """The last orders that were answered 201."""
        return [ObjectId(order_id) for order_id, _ in self._placed[-NEWEST:]]

    async def open(self) -> None:
        """Put the first products on the shelves."""
        while len(self.names) < PRODUCTS:
            await self._add()

    async def run(self) -> None:
        """Use the shop until it is closed; every request that was begun is ended."""
        everybody = [self._buyer(f"buyer{number}@example.test") for number in range(BUYERS)]
        await asyncio.gather(*(self._repeat(act) for act in [*everybody, self._admin, self._visitor]))

    async def _repeat(self, act: Act) -> None:
        while not self.closed.is_set():
            await act()
            await asyncio.sleep(self._chance.uniform(0, 2 * PACE))

    def _buyer(self, who: str) -> Act:
        async def act() -> None:
            names = self._chance.sample(self.names, self._chance.randint(1, 3))
            body = {"products": [{"name": name, "quantity": self._chance.randint(1, 3)} for name in names]}
            await self._surely_or_not(who, "order", "/orders", body)

        return act

    async def _admin(self) -> None:
        if self._chance.random() < 0.03:
            await self._add()
            return
        name = self._chance.choice(self.names)
        delta = self._chance.choice([-1, 1, 2, 5, 10, 20])
        await self._surely_or_not(ADMIN, "restock", f"/products/{name.replace(' ', '-')}/restock", {"delta": delta})

    async def _surely_or_not(self, who: str, kind: Kind, path: str, body: dict[str, Any]) -> None:
        """Ask under one key: now and then twice at once, and after an unknown outcome again, or never again."""
        key = f"{self._chance.getrandbits(64):016x}"
        times = 2 if self._chance.random() < 0.05 else 1
        asked = list(
            await asyncio.gather(*(self._client.ask(kind, who, "POST", path, body, key) for _ in range(times)))
        )
        while outcome(asked) == "unknown" and self._chance.random() < 0.8 and not self.closed.is_set():
            await asyncio.sleep(PACE)
            asked.append(await self._client.ask(kind, who, "POST", path, body, key))
        for request in asked:
            self._note(request)

    def _note(self, request: Request) -> None:
        if request.kind == "order" and request.outcome == "ok":
            self._placed.append((request.answer["id"], request.who))
            self.seen.order(request)

    async def _add(self) -> None:
        name = f"thing {self._chance.getrandbits(48):012x}"
        product = {
            "name": name,
            "description": "",
            "price": "1.50",
            "quantity": self._chance.randint(5, 40),
            "categories": [],
        }
        answer = await self._client.ask("add", ADMIN, "POST", "/products", {"product": product}, name)
        while answer.outcome == "unknown" and not self.closed.is_set():
            await asyncio.sleep(PACE)
            answer = await self._client.ask("add", ADMIN, "POST", "/products", {"product": product}, name)
        if answer.outcome != "unknown":
            self.names.append(name)

    async def _visitor(self) -> None:
        shelves = await self._client.ask("look", "visitor@example.test", "GET", "/products")
        if shelves.outcome == "ok":
            for product in shelves.answer["products"]:
                if product["quantity"] < 0:
                    self.seen.wrong.append(f"S1 {product['name']} was shown with {product['quantity']}")
        for order_id, who in self._chance.sample(self._placed[-NEWEST:], min(3, len(self._placed))):
            order = await self._client.ask("look", who, "GET", f"/orders/{order_id}")
            if order.outcome == "ok":
                self.seen.order(order)
            elif order.status == 404:
                self.seen.wrong.append(f"S6 order {order_id} was answered 201, then 404")
