"""A change is told sooner or later, whatever the broker does; what was told waits a lap."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError
from products.models import Product
from products.repositories.due_products import DueProducts
from products.services.snapshots import Snapshots
from products_testing import Store, order
from shop_kit import outbox
from shop_kit.kafka import Message, Publisher

LAP = 1000


class Broker(Publisher):
    """Keeps what is published instead of sending it; refuses it while `down`, and does `meanwhile` before an ack."""

    def __init__(self, store: Store):
        super().__init__(store.settings)
        self.told: list[tuple[str, int, int]] = []
        self.down = False
        self.meanwhile: Any = None

    async def publish(self, messages: Sequence[Message]) -> None:
        if self.down:
            raise KafkaConnectionError("down")
        if self.meanwhile:
            await self.meanwhile()
        for message in messages:
            event = json.loads(message.value or b"")
            state = event["product"] if "product" in event else event["products"][0]
            assert (message.topic, message.key) == (f"shop.{event['type']}", state["id"].encode())
            self.told.append((event["type"], state["quantity"], state["version"]))


class Bench:
    def __init__(self, store: Store):
        self.store, self.broker, self.due = store, Broker(store), DueProducts(store.mongo, LAP)
        self.snapshots = Snapshots(self.broker, self.due, "shop")

    async def make_due(self) -> None:
        await self.store.db.products.update_many({}, {"$set": {"outbox.due": datetime.now(UTC)}})

    async def due_in(self) -> float:
        document = await self.store.db.products.find_one({})
        assert document is not None
        return float((document["outbox"]["due"] - datetime.now(UTC)).total_seconds())

    async def take(self, number: int, count: int) -> list[Product]:
        _, changed = await self.store.decisions.decide([order(number, ("cup", count))])
        return changed


@pytest.fixture
def bench(store: Store) -> Bench:
    return Bench(store)


async def test_the_first_version_is_a_creation_and_every_later_one_an_update(bench: Bench) -> None:
    await bench.snapshots.publish([await bench.store.add("cup", 9)])
    await bench.snapshots.publish(await bench.take(1, 2))
    assert bench.broker.told == [("ProductCreate", 9, 1), ("ProductsQuantityUpdate", 7, 2)]


async def test_what_was_told_waits_a_lap(bench: Bench) -> None:
    cup = await bench.store.add("cup", 9)
    assert 0 < await bench.due_in() <= 2
    await bench.snapshots.publish([cup])
    assert 0.8 * LAP - 5 < await bench.due_in() <= 1.2 * LAP
    await bench.snapshots.sweep()
    assert len(bench.broker.told) == 1


async def test_the_sweep_tells_what_the_fast_path_lost(bench: Bench) -> None:
    cup = await bench.store.add("cup", 9)
    bench.broker.down = True
    bench.snapshots.tell_soon([cup])
    with pytest.raises(KafkaConnectionError):
        await bench.snapshots.flush()
    assert await bench.due_in() <= 2
    await bench.make_due()
    with pytest.raises(KafkaConnectionError):
        await bench.snapshots.sweep()
    bench.broker.down = False
    await bench.make_due()
    await bench.snapshots.sweep()
    assert bench.broker.told == [("ProductCreate", 9, 1)]
    assert await bench.due_in() > 0.7 * LAP


async def test_a_change_before_the_ack_stays_due(bench: Bench) -> None:
    cup = await bench.store.add("cup", 9)

    async def sell() -> None:
        bench.broker.meanwhile = None
        await bench.take(1, 4)

    bench.broker.meanwhile = sell
    await bench.snapshots.publish([cup])
    assert await bench.due_in() <= 2
    await bench.make_due()
    await bench.snapshots.sweep()
    assert bench.broker.told == [("ProductCreate", 9, 1), ("ProductsQuantityUpdate", 5, 2)]


async def test_an_ack_from_before_a_wipe_does_not_undo_that_all_is_due(bench: Bench) -> None:
    cup = await bench.store.add("cup", 9)
    bench.broker.meanwhile = bench.due.make_all_due
    await bench.snapshots.publish([cup])
    bench.broker.meanwhile = None
    assert await bench.due_in() <= 0
    await bench.snapshots.sweep()
    assert bench.broker.told == [("ProductCreate", 9, 1)] * 2


async def test_a_wiped_broker_is_told_everything_again(bench: Bench) -> None:
    await bench.store.add("cup", 0)
    first = await bench.store.db.products.find_one({}, {"_id": 0})
    assert first is not None
    others = [{"name_key": f"{n}", "slug": f"{n}", "quantity": n, "outbox": outbox.entry(LAP)} for n in range(1, 102)]
    await bench.store.db.products.insert_many([first | other for other in others])
    await bench.due.make_all_due()
    await bench.snapshots.sweep()
    assert sorted(bench.broker.told) == [("ProductCreate", number, 1) for number in range(102)]
    bench.broker.told.clear()
    await bench.snapshots.sweep()
    assert bench.broker.told == []


async def test_two_sweeps_at_once_tell_each_change_once(bench: Bench) -> None:
    for number in range(20):
        await bench.store.add(f"cup {number}", number)
    await bench.make_due()
    first, second = await bench.due.claim(100), await Bench(bench.store).due.claim(100)
    assert (len(first), second) == (20, [])


async def test_only_the_newest_version_is_told(bench: Bench) -> None:
    await bench.store.add("cup", 9)
    first, second = await bench.take(1, 1), await bench.take(2, 1)
    bench.snapshots.tell_soon(second)
    bench.snapshots.tell_soon(first)
    await bench.snapshots.flush()
    assert bench.broker.told == [("ProductsQuantityUpdate", 7, 3)]
    assert await bench.due_in() > 0.7 * LAP
