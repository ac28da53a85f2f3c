"""The event examples, executed: what comes in is handled, and what goes out has the shape of its example."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaConnectionError
from bson import ObjectId
from products.consumers.orders import OrdersConsumer
from products.repositories.due_products import DueProducts
from products.services.snapshots import Snapshots
from products_testing import Store, example, read
from shop_events import Event, OrderCreate, OrderStatusUpdate, ProductCreate, ProductsQuantityUpdate, topic
from shop_kit.kafka import Message, Publisher
from shop_kit.kafka.delivery import Delivery, decode

TRACE = ("traceparent", b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
ORDER = "71fefe4a1cad4140785928a4"
Json = dict[str, Any]


class Door:
    """The consumer's handler, on a real database and a real broker."""

    def __init__(self, store: Store, publisher: Publisher):
        self.store, self.prefix = store, store.settings.kafka_topic
        self.snapshots = Snapshots(publisher, DueProducts(store.mongo, 3600), self.prefix)
        self.handler = OrdersConsumer(store.decisions, publisher, self.snapshots, self.prefix)

    def delivery(self, text: str) -> Delivery[OrderCreate]:
        name = topic(self.prefix, OrderCreate)
        record = ConsumerRecord(name, 0, 0, 0, 0, None, text.encode(), None, 0, 0, (TRACE,))
        return decode(record, {name: OrderCreate})

    async def published(self, event: type[Event], count: int) -> list[ConsumerRecord[Any, Any]]:
        return await read(self.store.settings.kafka_bootstrap_servers, [topic(self.prefix, event)], count)


@pytest.fixture
async def door(start_data: Store, publisher: Publisher) -> Door:
    await start_data.db.orders.delete_many({})
    return Door(start_data, publisher)


def shape(value: Any) -> Any:
    """The keys in their order, and the kinds of the values."""
    if isinstance(value, dict):
        return [(key, shape(inside)) for key, inside in value.items()]
    if isinstance(value, list):
        return [shape(value[0])]
    return type(value)


def written(record: ConsumerRecord[Any, Any], event: type[Event], which: str = "") -> Json:
    """The message as JSON, after a look at its shape and at the model its readers use."""
    found: Json = json.loads(record.value)
    assert shape(found) == shape(json.loads(example(event, which)))
    assert record.key == event.model_validate_json(record.value).key.encode()
    return found


async def test_the_example_order_is_answered(door: Door) -> None:
    question = door.delivery(example(OrderCreate))
    await door.handler.handle([question])
    [answer] = await door.published(OrderStatusUpdate, 1)
    found = written(answer, OrderStatusUpdate)
    assert (found["order_id"], found["status"]) == (ORDER, "ACCEPTED")
    assert answer.headers == (TRACE,)
    stock = await door.store.stock()
    assert (stock["cutlery"], stock["chair"]) == (196, 28)


async def test_the_rejected_example_is_answered_and_again_with_the_same_reason(door: Door) -> None:
    await door.store.db.products.update_one({"name": "chair"}, {"$set": {"quantity": 1}})
    question = door.delivery(example(OrderCreate))
    await door.handler.handle([question])
    await door.store.db.products.update_one({"name": "chair"}, {"$set": {"quantity": 0}})
    await door.handler.handle([question, question])
    expected = json.loads(example(OrderStatusUpdate, ".rejected"))
    for answer in await door.published(OrderStatusUpdate, 3):
        found = written(answer, OrderStatusUpdate, ".rejected")
        assert found == expected | {name: found[name] for name in ("id", "occurred_at")}


async def test_a_rejection_of_the_first_version_has_no_reason(door: Door) -> None:
    await door.store.db.orders.insert_one({"_id": ObjectId(ORDER), "status": "REJECTED"})
    await door.handler.handle([door.delivery(example(OrderCreate))])
    [answer] = await door.published(OrderStatusUpdate, 1)
    found = written(answer, OrderStatusUpdate)
    assert (found["status"], found["lacking"]) == ("REJECTED", None)


async def test_the_changed_products_are_told(door: Door) -> None:
    await door.handler.handle([door.delivery(example(OrderCreate))])
    await door.snapshots.flush()
    told = [
        written(record, ProductsQuantityUpdate)["products"]
        for record in await door.published(ProductsQuantityUpdate, 2)
    ]
    assert sorted(told, key=lambda products: products[0]["id"]) == [
        [{"id": "10fefe4a1cad4140785928a4", "name": "cutlery", "price": 5.99, "quantity": 196, "version": 2}],
        [{"id": "11fefe4a1cad4140785928a4", "name": "chair", "price": 29.99, "quantity": 28, "version": 2}],
    ]


async def test_new_products_are_told_as_in_the_example(door: Door) -> None:
    await door.snapshots.sweep()
    records = await door.published(ProductCreate, 32)
    told = {found["product"]["name"]: found["product"] for found in (written(r, ProductCreate) for r in records)}
    assert len(told) == len(records) == 32
    assert told["cutlery"] == json.loads(example(ProductCreate))["product"]


async def test_the_same_question_again_has_the_same_answer(door: Door) -> None:
    question = door.delivery(example(OrderCreate))
    await door.handler.handle([question, question])
    before = await door.store.everything()
    await door.handler.handle([question])
    answers = [written(record, OrderStatusUpdate) for record in await door.published(OrderStatusUpdate, 3)]
    assert [(a["order_id"], a["status"]) for a in answers] == [(ORDER, "ACCEPTED")] * 3
    assert len({a["id"] for a in answers}) == 3
    assert await door.store.everything() == before


async def test_an_answer_lost_after_the_commit_is_given_when_asked_again(door: Door, start_data: Store) -> None:
    class Down(Publisher):
        async def publish(self, messages: Sequence[Message]) -> None:
            raise KafkaConnectionError("down")

    question = door.delivery(example(OrderCreate))
    with pytest.raises(KafkaConnectionError):
        await Door(start_data, Down(start_data.settings)).handler.handle([question])
    before = await door.store.everything()
    assert [(str(row["_id"]), row["status"]) for row in before["orders"]] == [(ORDER, "ACCEPTED")]
    await door.handler.handle([question])
    [answer] = await door.published(OrderStatusUpdate, 1)
    assert written(answer, OrderStatusUpdate)["status"] == "ACCEPTED"
    assert await door.store.everything() == before


async def test_names_are_compared_as_data(door: Door) -> None:
    changed = json.loads(example(OrderCreate))
    changed["order"]["products"] = [{"name": "CUTLERY", "price": 0, "quantity": 1}]
    other = json.loads(example(OrderCreate))
    other["order"] |= {"id": "7" * 24, "products": [{"name": "cut.*", "price": 5.99, "quantity": 1}]}
    await door.handler.handle([door.delivery(json.dumps(changed)), door.delivery(json.dumps(other))])
    answers = [json.loads(record.value) for record in await door.published(OrderStatusUpdate, 2)]
    assert {a["order_id"]: a["status"] for a in answers} == {ORDER: "ACCEPTED", "7" * 24: "REJECTED"}
    assert (await door.store.stock())["cutlery"] == 199
