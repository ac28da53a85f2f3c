"""The shop without one of its guarantees: each is taken out from here, and never by a switch in the services."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orders.repositories.copies as copies
from bson import ObjectId
from orders.models import ProductCopy
from orders.repositories.orders import Orders
from orders.services.questions import Questions
from products.consumers.orders import OrdersConsumer
from products.models import Decision, Status
from products.repositories.ledger import Ledger
from products.services.snapshots import Snapshots
from pymongo import ReplaceOne
from shop_kit import outbox
from shop_kit.kafka import Consumer, TopicKeeper

from tests.simulation import liveness, replicas, safety
from tests.simulation.kafka import Fetched, SimulatedConsumer
from tests.simulation.machine import (
    AccidentMachine,
    ClockMachine,
    CrashMachine,
    RestartMachine,
    RetryMachine,
    TransitMachine,
)
from tests.simulation.shop_machine import Shop
from tests.simulation.world import current

Removal = Callable[[Any], None]
"""Gets pytest's monkeypatch."""


@dataclass(frozen=True)
class Ablation:
    guarantee: str
    caught_by: str
    machine: type[Shop]
    remove: Removal


def _ledger(patch: Any) -> None:
    """Nobody asks what was decided, and rows are written over."""

    async def decided(self: Ledger, orders: Iterable[ObjectId], session: Any) -> dict[ObjectId, Status]:
        return {}

    async def add(self: Ledger, decisions: Sequence[Decision], versions: Mapping[str, int], session: Any) -> None:
        rows = [
            {
                "_id": d.order.id,
                "status": d.status,
                "products": [{"name": x.product, "quantity": x.quantity} for x in d.order.lines],
            }
            for d in decisions
        ]
        if rows:
            writes = [ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in rows]
            await self._ledger.bulk_write(writes, session=session)

    patch.setattr(Ledger, "decided", decided)
    patch.setattr(Ledger, "add", add)


def _answer_again(patch: Any) -> None:
    """A question whose order is decided is passed over."""
    handle = OrdersConsumer.handle

    async def only_new(self: OrdersConsumer, deliveries: Sequence[Any]) -> None:
        decided = {str(row["_id"]) for row in current().world.databases["products-ms"].documents("orders")}
        new = [d for d in deliveries if d.event.order.id not in decided]
        if new:
            await handle(self, new)

    patch.setattr(OrdersConsumer, "handle", only_new)


async def _nothing(self: object) -> None: ...


def _ask_again(patch: Any) -> None:
    patch.setattr(Questions, "sweep", _nothing)


def _sweep_of_products(patch: Any) -> None:
    patch.setattr(Snapshots, "sweep", _nothing)


def _version_guard(patch: Any) -> None:
    """The copy takes every snapshot."""

    def replace(s: ProductCopy, *, upsert: bool) -> ReplaceOne[Any]:
        guarded = _replace(s, upsert=upsert)
        return ReplaceOne({"_id": s.id}, guarded._doc, upsert=True)

    _replace = copies._replace
    patch.setattr(copies, "_replace", replace)


def _offsets_after_work(patch: Any) -> None:
    """What is fetched counts as done."""
    getmany = SimulatedConsumer.getmany

    async def committing(self: SimulatedConsumer, **options: Any) -> Fetched:
        fetched = await getmany(self, **options)
        if fetched:
            await self.commit({tp: records[-1].offset + 1 for tp, records in fetched.items()})
        return fetched

    async def commit(self: Consumer[Any], consumer: object, chunk: object) -> None: ...

    patch.setattr(SimulatedConsumer, "getmany", committing)
    patch.setattr(Consumer, "_commit", commit)


def _lap(patch: Any) -> None:
    """What was acked is never told again."""
    patch.setattr(replicas, "LAP_SECONDS", 1e9)


def _due_before_the_topic(patch: Any) -> None:
    """A missing topic is made first, and then what it carried is due."""
    look = TopicKeeper.look

    async def topic_first(self: TopicKeeper, admin: Any, reader: Any) -> None:
        there = {t["topic"] for t in await admin.describe_topics()}
        if missing := [topic for name, topic in self._topics.items() if name not in there]:
            await self._create(admin, missing)
            await self._make_due()
        await look(self, admin, reader)

    patch.setattr(TopicKeeper, "look", topic_first)


def _wrong_clocks(patch: Any) -> None:
    """What is due in an hour waits for an hour."""
    patch.setattr(outbox, "TOO_FAR", 1e6)


def _idempotency_key(patch: Any) -> None:
    add = Orders.add

    async def without(self: Orders, order: Any, key: str | None) -> bool:
        return await add(self, order, None)

    patch.setattr(Orders, "add", without)


ABLATIONS = [
    Ablation("the ledger", safety.S3, TransitMachine, _ledger),
    Ablation("answering again", liveness.L1, CrashMachine, _answer_again),
    Ablation("asking again", liveness.L1, CrashMachine, _ask_again),
    Ablation("the version guard", safety.S8, TransitMachine, _version_guard),
    Ablation("offsets after work", liveness.L2, CrashMachine, _offsets_after_work),
    Ablation("the sweep of products", liveness.L2, CrashMachine, _sweep_of_products),
    Ablation("the lap", liveness.L2, AccidentMachine, _lap),
    Ablation("due before the topic is made", liveness.L2, RestartMachine, _due_before_the_topic),
    Ablation("what is due too late is due", liveness.L1, ClockMachine, _wrong_clocks),
    Ablation("the idempotency key", safety.S6, RetryMachine, _idempotency_key),
]
