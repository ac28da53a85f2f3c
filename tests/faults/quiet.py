"""Waits until the shop has come to rest after its faults, and says how long that took and what does not rest."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure
from shop_events import Event, OrderCreate, OrderStatusUpdate, ProductCreate, ProductsQuantityUpdate, topic

from tests.faults.evidence import Quiet
from tests.invariants import Databases, stale, undecided

PATIENCE = 120.0
BRIEFLY = 5.0
"""Seconds for which a transaction may hold what it writes: the sweeps go on while we look."""
OVERDUE = timedelta(seconds=10)
GROUPS: dict[str, tuple[type[Event], ...]] = {
    "products-ms": (OrderCreate,),
    "orders-ms": (OrderStatusUpdate, ProductCreate, ProductsQuantityUpdate),
}


async def rest(db: Databases, bootstrap_servers: str, mended: float, healthy: float, patience: float) -> Quiet:
    """Returns when all is quiet, or after `patience` seconds; the times are monotonic."""
    end = time.monotonic() + patience
    quiet = Quiet(mended, healthy - mended)

    async def none_open() -> bool:
        quiet.open = [str(order_id) for order_id in await undecided(db)]
        return not quiet.open

    async def none_overdue() -> bool:
        quiet.overdue = await _overdue(db.orders, "orders") + await _overdue(db.products, "products")
        return not quiet.overdue

    async def none_behind() -> bool:
        quiet.lag = await _lag(bootstrap_servers)
        return not any(quiet.lag.values())

    async def none_held() -> bool:
        quiet.held = await _held(db.products)
        return not quiet.held

    quiet.decided = await _until(none_open, end) and time.monotonic() - healthy
    quiet.copied = await until_copied(db, end) and time.monotonic() - healthy
    await _until(none_held, time.monotonic() + BRIEFLY)
    await _until(none_overdue, end)
    await _until(none_behind, end)
    return quiet


async def until_copied(db: Databases, end: float) -> bool | None:
    """True when the copy is the stock, None if it is not by the monotonic time `end`."""

    async def none_stale() -> bool:
        return not await stale(db)

    return await _until(none_stale, end)


async def _until(true: Callable[[], Awaitable[bool]], end: float) -> bool | None:
    """True when it is true, None if it is not by the monotonic time `end`."""
    while not await true():
        if time.monotonic() > end:
            return None
        await asyncio.sleep(0.3)
    return True


async def _overdue(db: AsyncDatabase[dict[str, Any]], name: str) -> list[str]:
    late = db[name].find({"outbox.due": {"$lt": datetime.now(UTC) - OVERDUE}})
    return [f"{document['_id']} in {name} since {document['outbox']['due']}" async for document in late]


async def _lag(bootstrap_servers: str) -> dict[str, int]:
    """How many records each group has not committed, by group and partition."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers)
    try:
        await admin.start()
        await consumer.start()
        topics = {t["topic"]: [p["partition"] for p in t["partitions"]] for t in await admin.describe_topics()}
        lag: dict[str, int] = {}
        for group, events in GROUPS.items():
            names = [topic("shop", event) for event in events]
            partitions = [TopicPartition(name, number) for name in names for number in topics[name]]
            committed = await admin.list_consumer_group_offsets(group, partitions=partitions)
            begins, ends = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
            for where in partitions:
                at = max(committed[where].offset, begins[where])
                lag[f"{group} on {where.topic}[{where.partition}]"] = max(0, ends[where] - at)
        return lag
    except KafkaError as error:
        return {f"{type(error).__name__} from the broker": 1}
    finally:
        await consumer.stop()
        await admin.close()


async def _held(db: AsyncDatabase[dict[str, Any]]) -> list[str]:
    """The products that can't be written, since a transaction that nobody ends holds them."""
    held = []
    async for product in db.products.find():
        async with db.client.start_session() as session, await session.start_transaction():
            try:
                same = {"$set": {"description": product["description"]}}
                await db.products.update_one({"_id": product["_id"]}, same, session=session)
            except OperationFailure:
                held.append(product["name"])
            finally:
                await session.abort_transaction()
    return held
