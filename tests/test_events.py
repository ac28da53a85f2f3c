"""Events may come twice, late, in any order, and between garbage."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from bson import ObjectId
from local_stack.stack import Stack
from shop_events import OrderCreate, OrderStatusUpdate, ProductCreate, ProductsQuantityUpdate, topic

from tests.invariants import Databases, check, rows
from tests.shop import Books, Shop, eventually

TOPICS = [topic("shop", event) for event in (OrderCreate, OrderStatusUpdate, ProductCreate, ProductsQuantityUpdate)]
GARBAGE = [b"", b"\xff\xfe", b"{", b"null", b'{"type": "Unheard"}', b"[" * 5000]


@asynccontextmanager
async def producing(stack: Stack) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(bootstrap_servers=stack.bootstrap_servers, acks="all")
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def everything_in(stack: Stack, topics: list[str]) -> list[tuple[str, bytes | None]]:
    """All messages of these topics, so far."""
    consumer = AIOKafkaConsumer(
        *topics, bootstrap_servers=stack.bootstrap_servers, auto_offset_reset="earliest", group_id=None
    )
    await consumer.start()
    try:
        found: list[tuple[str, bytes | None]] = []
        while batches := await consumer.getmany(timeout_ms=1_000):
            found += [(record.topic, record.value) for batch in batches.values() for record in batch]
        return found
    finally:
        await consumer.stop()


async def test_every_event_again_and_backwards(shop: Shop, stack: Stack, books: Books) -> None:
    name = await shop.add_product(30)
    ids = [await shop.order("aaa@aaa.com", (name, 2)) for _ in range(12)]
    assert await shop.statuses(ids) == {"ACCEPTED": 12}
    await shop.restock(name, 5)
    before = await everything_in(stack, TOPICS)
    async with producing(stack) as producer:
        for where, value in [*reversed(before), *before]:
            await producer.send_and_wait(where, value, key=b"any")
    marker = await shop.order("aaa@aaa.com", (name, 1))
    assert await shop.status(marker) == "ACCEPTED"
    assert await shop.quantity(name) == 30 + 5 - 24 - 1
    await check(stack, books)


async def test_garbage_on_every_topic_stops_nobody(shop: Shop, stack: Stack, books: Books) -> None:
    name = await shop.add_product(50)
    letters = [f"{where}.{'products' if 'OrderCreate' in where else 'orders'}-ms.dlq" for where in TOPICS]
    before = await everything_in(stack, letters)
    ids = []
    async with producing(stack) as producer:
        for garbage in GARBAGE:
            for where in TOPICS:
                await producer.send_and_wait(where, garbage, key=b"any")
            ids.append(await shop.order("aaa@aaa.com", (name, 1)))
    assert await shop.statuses(ids) == {"ACCEPTED": len(GARBAGE)}
    expected = sorted((letter, garbage) for letter in letters for garbage in GARBAGE)

    async def buried() -> bool:
        after = await everything_in(stack, letters)
        return len(after) - len(before) >= len(expected)

    await eventually(buried, "the garbage is with the dead letters")
    new = sorted((where, value or b"") for where, value in (await everything_in(stack, letters)))
    old = sorted((where, value or b"") for where, value in before)
    for letter in old:
        new.remove(letter)
    assert new == expected
    await check(stack, books)


async def test_an_order_nobody_placed_is_decided_but_changes_no_order(shop: Shop, stack: Stack) -> None:
    """An answer for an order that orders-ms does not have is read and changes nothing."""
    update = OrderStatusUpdate(order_id="ffffffffffffffffffffffff", status="ACCEPTED")
    async with Databases(stack) as db, producing(stack) as producer:
        before = await rows(db.orders.orders)
        await producer.send_and_wait(topic("shop", OrderStatusUpdate), update.model_dump_json().encode())
        name = await shop.add_product(1)
        order_id = await shop.order("aaa@aaa.com", (name, 1))
        assert await shop.status(order_id) == "ACCEPTED"
        after = await rows(db.orders.orders)
    assert set(after) - set(before) == {ObjectId(order_id)}
    assert {key: after[key] for key in before} == before
