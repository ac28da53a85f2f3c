"""What is PENDING is asked again, by whichever process lives, with a doubling delay, until it is decided."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from aiokafka import AIOKafkaConsumer
from bson import ObjectId
from orders.repositories.due_orders import DueOrders
from orders_testing import Service, StartService, snapshot
from shop_events import OrderCreate, OrderStatusUpdate
from shop_kit.mongo import Document

NOW_DUE = {"$set": {"outbox.due": datetime(2020, 1, 1, tzinfo=UTC)}}


async def test_an_order_whose_event_was_lost_is_asked_for_by_the_next_process(
    start: StartService, settings: pytest.MonkeyPatch, kafka_bootstrap: str
) -> None:
    settings.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    async with start() as service:
        await service.tell(snapshot("chair", 30))
        answer = await service.order(("chair", 1))
        assert answer.status_code == 201
    settings.setenv("KAFKA_BOOTSTRAP_SERVERS", kafka_bootstrap)
    async with start() as service:
        consumer = AIOKafkaConsumer(
            f"{service.settings.kafka_topic}.OrderCreate",
            bootstrap_servers=kafka_bootstrap,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=10,
        )
        async with asyncio.timeout(20), consumer:
            record = await consumer.getone()
    assert OrderCreate.model_validate_json(record.value).order.id == answer.json()["id"]


async def place(service: Service, count: int = 1) -> list[ObjectId]:
    await service.tell(snapshot("chair", 1000))
    return [ObjectId((await service.order(("chair", 1))).json()["id"]) for _ in range(count)]


async def outbox(service: Service) -> Document:
    [order] = await service.stored()
    found: Document = order["outbox"]
    return found


async def test_the_delay_doubles_up_to_half_a_minute(service: Service) -> None:
    [order_id] = await place(service)
    due = DueOrders(service.mongo)
    first = await outbox(service)
    assert timedelta(0) < first["due"] - datetime.now(UTC) <= timedelta(seconds=2)
    claims = {first["claim"]}
    for attempt, longest in enumerate([4, 8, 16, 30, 30, 30], 1):
        await service.db.orders.update_one({"_id": order_id}, NOW_DUE)
        claimed_by_us = [order.id for order in await due.claim(100)]
        assert claimed_by_us in ([order_id], [])  # the service's own sweep may have been first
        entry = await outbox(service)
        assert entry["attempts"] == attempt
        assert longest / 2 - 2 < (entry["due"] - datetime.now(UTC)).total_seconds() <= longest
        claims.add(entry["claim"])
    assert len(claims) == 7


async def test_many_sweeps_at_once_ask_for_each_order_once(service: Service) -> None:
    ids = await place(service, 30)
    await service.db.orders.update_many({}, NOW_DUE)
    swept = await asyncio.gather(*(DueOrders(service.mongo).claim(100) for _ in range(6)))
    asked = Counter(order.id for orders in swept for order in orders)
    assert set(asked.values()) == {1}
    assert set(asked) <= set(ids)
    assert {order["outbox"]["attempts"] for order in await service.stored()} == {1}


async def test_a_decided_order_is_not_asked_again(service: Service) -> None:
    ids = await place(service, 4)
    statuses = ["ACCEPTED", "REJECTED"]
    await service.tell(*(OrderStatusUpdate(order_id=str(i), status=s) for i, s in zip(ids, statuses, strict=False)))
    await DueOrders(service.mongo).make_all_due()
    assert ["outbox" in order for order in await service.stored()] == [False, False, True, True]
    assert {order.id for order in await DueOrders(service.mongo).claim(100)} <= set(ids[2:])
