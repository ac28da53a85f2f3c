"""The event contracts, on the examples that products-ms tests too, and through the real broker."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from bson import ObjectId
from orders_testing import ANN, Service, StartService, eventually, example, snapshot
from shop_events import Event, OrderCreate, OrderStatusUpdate, ProductCreate, ProductsQuantityUpdate

CUTLERY = ObjectId("10fefe4a1cad4140785928a4")
ORDER = ObjectId("71fefe4a1cad4140785928a4")


@asynccontextmanager
async def reading(service: Service, event: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        f"{service.settings.kafka_topic}.{event}",
        bootstrap_servers=service.settings.kafka_bootstrap_servers,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=10,
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def send(service: Service, event: str, *values: bytes | None) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=service.settings.kafka_bootstrap_servers, acks="all")
    await producer.start()
    try:
        for value in values:
            await producer.send_and_wait(f"{service.settings.kafka_topic}.{event}", value, key=b"k", partition=0)
    finally:
        await producer.stop()


async def test_an_order_is_asked_for_in_the_examples_shape(service: Service) -> None:
    await service.tell(snapshot("cutlery", 200, price="5.99"), snapshot("chair", 30, price="29.99"))
    placed = (await service.order(("cutlery", 4), ("chair", 2))).json()
    async with reading(service, "OrderCreate") as consumer:
        async for record in consumer:
            told = json.loads(record.value)
            if told["order"]["id"] == placed["id"]:
                break
    expected = json.loads(example(OrderCreate))
    assert list(told) == list(expected)
    assert told["order"] == expected["order"] | {"id": placed["id"], "client_email": ANN}
    assert record.key.decode() == placed["id"]
    assert [name for name, _ in record.headers] == ["traceparent"]
    assert OrderCreate.model_validate_json(record.value).order.cost == Decimal("83.94")


async def pending(service: Service) -> None:
    document = {"_id": ORDER, "client_email": ANN, "status": "PENDING", "cost": Decimal(1), "products": [{}]}
    await service.db.orders.insert_one(document)


async def copy_of_cutlery(service: Service) -> Any:
    return await service.db.products.find_one({"_id": CUTLERY}, {"_id": 0})


CREATED = {"name": "cutlery", "name_key": "cutlery", "price": Decimal("5.99"), "quantity": 200, "version": 1}


async def test_the_examples_are_understood(service: Service) -> None:
    await pending(service)
    await service.tell(ProductCreate.model_validate_json(example(ProductCreate)))
    assert await copy_of_cutlery(service) == CREATED
    await service.tell(ProductsQuantityUpdate.model_validate_json(example(ProductsQuantityUpdate)))
    assert await copy_of_cutlery(service) == CREATED | {"quantity": 196, "version": 2}
    await service.tell(OrderStatusUpdate.model_validate_json(example(OrderStatusUpdate)))
    assert [(order["status"], "lacking" in order) for order in await service.stored()] == [("ACCEPTED", False)]


async def test_the_rejected_example_is_understood(service: Service) -> None:
    await pending(service)
    await service.tell(OrderStatusUpdate.model_validate_json(example(OrderStatusUpdate, ".rejected")))
    [order] = await service.stored()
    assert (order["status"], order["lacking"]) == ("REJECTED", {"name": "chair", "left": 1})


async def test_a_decision_of_before_there_were_reasons_is_understood(service: Service) -> None:
    await pending(service)
    told = json.loads(example(OrderStatusUpdate, ".rejected"))
    del told["lacking"]
    await service.tell(OrderStatusUpdate.model_validate_json(json.dumps(told)))
    assert [(order["status"], "lacking" in order) for order in await service.stored()] == [("REJECTED", False)]


async def test_events_arrive_through_the_broker_and_garbage_is_set_aside(start: StartService) -> None:
    garbage = [b"", b"\xff\xfe", b"{", b"null", b"[" * 10_000, b'{"type": "Other"}', None]
    kinds: tuple[type[Event], ...] = (ProductCreate, ProductsQuantityUpdate, OrderStatusUpdate)
    async with start() as service:
        await pending(service)
        await eventually(lambda: ready(service))
        for kind in kinds:
            await send(service, kind.__name__, *garbage, example(kind), *garbage)

        async def arrived() -> bool:
            [order] = await service.stored()
            copy = await copy_of_cutlery(service)
            return bool(order["status"] == "ACCEPTED" and copy and copy["version"] == 2)

        await eventually(arrived)
        for kind in kinds:
            dead = f"{kind.__name__}.{service.settings.kafka_group}.dlq"
            async with reading(service, dead) as consumer:
                letters = [await consumer.getone() for _ in range(2 * len(garbage))]
                assert not await consumer.getmany(timeout_ms=200)
            assert [letter.value for letter in letters] == garbage * 2
            for letter in letters:
                story = {name: text.decode() for name, text in letter.headers}
                assert story["dlq.topic"] == f"{service.settings.kafka_topic}.{kind.__name__}"
                assert story["dlq.error"]


async def ready(service: Service) -> bool:
    return bool((await service.client.get("/health")).json().get("status") == "ok")


@pytest.mark.parametrize("quantity", ["-1", "1.5", '"x"', "NaN", "1e400", "null", "9" * 5000])
async def test_a_malformed_snapshot_is_no_event(quantity: str) -> None:
    text = example(ProductCreate).decode().replace('"quantity": 200', f'"quantity": {quantity}')
    with pytest.raises(ValueError, match=r"product\.quantity|Invalid JSON"):
        ProductCreate.model_validate_json(text)
