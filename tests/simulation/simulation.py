"""A shop of two replicas of both services in a simulated world, what can befall it, and its healing."""

import asyncio
import contextlib
from collections.abc import Awaitable
from decimal import Decimal
from typing import Any, TypeVar

from bson import ObjectId
from orders.errors import NotEnoughError, UnknownProductError
from products.errors import StockLimitError
from shop_kit.errors import UnavailableError
from shop_kit.transient import is_transient

from tests.simulation import liveness
from tests.simulation.books import EMAIL, STOCK, Books, Post, Restock
from tests.simulation.broker import Broker
from tests.simulation.liveness import most_questions, overdue, stale, undecided
from tests.simulation.replicas import (
    ALL_TOPICS,
    LAP_SECONDS,
    PARTITIONS,
    PRODUCT_TOPICS,
    QUESTIONS,
    OrdersReplica,
    ProductsReplica,
    Replica,
)
from tests.simulation.safety import Safety, require
from tests.simulation.store import Database, View
from tests.simulation.world import BEGINNING, World

T = TypeVar("T")
SOON_SECONDS = 120.0
"""How long healing may take without a lap: some of the longest delays between two questions, of 30 s."""


class Simulation:
    """`lap_needed` says that something befell the shop that only a lap mends."""

    def __init__(self, *, auto_create: bool):
        self.books, self.world = Books(), World()
        self.world.broker = self.broker = Broker(auto_create=auto_create)
        self.products = Database({"products": ("name_key", "slug")})
        self.orders = Database({"orders": ("idempotency_key",)})
        self.world.databases = {"products-ms": self.products, "orders-ms": self.orders}
        self.lap_needed = False
        self.placed: dict[ObjectId, float] = {}
        for topic in ALL_TOPICS:
            self.broker.create(topic, PARTITIONS)
        self._fill_the_shelf()
        self.safety = Safety(self.products, self.orders, self.books)
        self.world.look = self.safety.look
        self.replicas: list[Replica] = [self._born(n) for n in range(4)]
        self.world.settle()
        self.replicas[2].sweep()
        self.world.settle()

    def _fill_the_shelf(self) -> None:
        due = {"due": BEGINNING, "claim": ObjectId(), "attempts": 0}
        for number, (name, quantity) in enumerate(STOCK.items()):
            product = {"_id": ObjectId(f"{number:024x}"), "name": name, "name_key": name, "slug": name, "version": 1}
            more = {"price": Decimal("1.50"), "quantity": quantity, "description": "", "categories": [], "outbox": due}
            View(self.products).put("products", {**product, **more})

    def _born(self, number: int) -> Replica:
        kind, service = (OrdersReplica, "orders-ms") if number < 2 else (ProductsReplica, "products-ms")
        return kind(self.world, service, f"{service}-{number % 2}")

    # What clients do.

    def post(self, replica: int, post: Post) -> None:
        """Place an order with the post's key, for the first time or again."""
        if post not in self.books.posts:
            self.books.posts.append(post)

        def answered(task: asyncio.Task[Any]) -> None:
            if not task.cancelled() and task.exception() is None and task.result() is not None:
                post.orders.append(task.result().id)
                self.placed.setdefault(task.result().id, self.world.now)

        door = self.replicas[replica]
        assert isinstance(door, OrdersReplica)
        door.do(self._refusable(door.ordering.place(EMAIL, post.lines, post.key)), answered)

    def restock(self, replica: int, restock: Restock) -> None:
        """Restock with its key, for the first time or again."""
        if restock not in self.books.restocks:
            self.books.restocks.append(restock)

        def answered(task: asyncio.Task[Any]) -> None:
            if not task.cancelled() and task.exception() is None and task.result() is not None:
                restock.answered += 1

        door = self.replicas[2 + replica]
        assert isinstance(door, ProductsReplica)
        door.do(self._refusable(door.catalogue.restock(restock.slug, restock.delta, restock.key)), answered)

    async def _refusable(self, work: Awaitable[T]) -> T | None:
        with contextlib.suppress(NotEnoughError, UnknownProductError, StockLimitError, UnavailableError):
            return await work
        return None

    # What befalls it.

    def crash(self, number: int) -> None:
        """The replica dies, and a new one with its name is there."""
        self._notice_bugs()
        self.world.crash(self.replicas[number].process)
        self.replicas[number] = self._born(number)

    def wipe(self, *, late_commits: bool) -> None:
        """The broker loses all it has. Where topics make themselves, its keepers may be the last to know."""
        self.lap_needed |= late_commits or self.broker.auto_create
        self.broker.wipe(late_commits=late_commits)

    def rejoin(self) -> None:
        """Those whom the broker forgot join their groups again."""
        for member in self.broker.outcasts:
            if member.process.alive:
                member.join()
        self.broker.outcasts.clear()

    def lose_tail(self, choice: int) -> None:
        """The last message of a partition, which nobody has read, is gone though it was acked."""
        if tails := self.broker.unread():
            tp = tails[choice % len(tails)]
            self.broker.log(tp).pop()
            self.lap_needed |= tp.topic in PRODUCT_TOPICS

    def set_clock(self, number: int, seconds: float) -> None:
        """The time of day of a replica is off by so much. What products-ms puts off by an hour too much waits a lap."""
        self.replicas[number].process.clock = seconds
        self.world.made_due += 1
        self.lap_needed |= seconds > 0 and number >= 2

    def empty_copy(self) -> None:
        """orders-db lost its copy of the products."""
        self.orders.tables["products"] = {}
        self.safety.forget_the_copy()
        self.lap_needed = True

    # Healing.

    def heal(self) -> None:
        """Without faults all becomes quiet: within seconds or, after some accidents, a lap. Raises ViolationError."""
        self.rejoin()
        for replica in self.replicas:
            replica.process.clock = 0.0
        if not self._quiet_within(SOON_SECONDS) and (self.lap_needed or self.broker.made_late):
            self.world.leap(LAP_SECONDS * 1.2)
            self._quiet_within(SOON_SECONDS)
        self._notice_bugs()
        require(not (left := undecided(self.orders)), liveness.L1, left)
        require(not (old := stale(self.products, self.orders)), liveness.L2, old)
        require(not (late := overdue(self.world, self.products, self.orders)), liveness.L3, late)
        for order, since in self.placed.items():
            asked = self.broker.sent[QUESTIONS, str(order).encode()]
            most = most_questions(self.world.now - since, self.world.made_due)
            require(asked <= most, liveness.L5, f"order {order} was asked {asked} times, at most {most}")

    def _quiet_within(self, seconds: float) -> bool:
        end = self.world.now + seconds
        pause = 1.5
        while self.world.now < end:
            for replica in self.replicas:
                replica.sweep()
                replica.look()
            self.world.settle()
            if self._quiet():
                return True
            self.world.advance(pause)
            pause = min(pause * 2, 16.0)
        return False

    def _quiet(self) -> bool:
        late = undecided(self.orders) or stale(self.products, self.orders)
        return not (late or overdue(self.world, self.products, self.orders))

    def _notice_bugs(self) -> None:
        for replica in self.replicas:
            errors = [context.get("exception") for context in replica.process.loop.errors]
            for error in [*replica.failures, *errors]:
                if error is not None and not is_transient(error):
                    raise AssertionError(f"{replica.name} failed") from error
