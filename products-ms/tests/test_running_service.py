"""The whole service on a real broker: orders in, answers out, poison aside."""

import json
from typing import Any

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from products.settings import Settings
from products_testing import Shop, eventually, example, read
from shop_events import (
    OrderCreate,
    OrderStatusUpdate,
    ProductCreate,
    ProductsQuantityUpdate,
    dead_letter_topic,
    topic,
)
from shop_kit.kafka import Message, Publisher


def question(number: int, name: str, quantity: int) -> bytes:
    event = json.loads(example(OrderCreate))
    event["order"] |= {"id": f"{number:024x}", "products": [{"name": name, "price": 1, "quantity": quantity}]}
    return json.dumps(event).encode()


async def test_orders_in_answers_out(shop_with_broker: Shop, publisher: Publisher) -> None:
    shop = shop_with_broker
    settings = shop.store.settings
    questions = topic(settings.kafka_topic, OrderCreate)
    letters = dead_letter_topic(questions, settings.kafka_group)

    async def ready() -> bool:
        return bool((await shop.client.get("/health")).json().get("status") == "ok")

    async def told(event: type[Any], count: int) -> list[dict[str, Any]]:
        records = await read(settings.kafka_bootstrap_servers, [topic(settings.kafka_topic, event)], count)
        return [json.loads(record.value) for record in records]

    assert (await shop.client.get("/health")).status_code == 503
    values = [question(1, "laptop", 1), question(2, "laptop", 1), b"poison", question(1, "laptop", 1)]
    await publisher.publish([Message(questions, b"one key", value) for value in values])
    await eventually(ready)
    assert (await shop.client.get("/health/live")).json() == {"status": "ok"}

    answers = await told(OrderStatusUpdate, 3)
    assert {(a["order_id"], a["status"]) for a in answers} == {(f"{1:024x}", "ACCEPTED"), (f"{2:024x}", "REJECTED")}
    [dead] = await read(settings.kafka_bootstrap_servers, [letters], 1)
    assert dead.value == b"poison"
    assert (await shop.store.stock())["laptop"] == 0
    updates = [update["products"][0] for update in await told(ProductsQuantityUpdate, 1)]
    assert [(u["name"], u["quantity"], u["version"]) for u in updates] == [("laptop", 0, 2)]

    for refused in (shop.add("tea pot", price=-1), shop.add("chair"), shop.add("tea pot", categories=["none such"])):
        assert (await refused).status_code in (400, 404, 422)
    await shop.add("tea pot", quantity=3)
    assert (await shop.post("/products/tea-pot/restock", {"delta": 2})).status_code == 200
    seen = 1
    while ("tea pot", 5, 2) not in {(u["name"], u["quantity"], u["version"]) for u in updates}:
        seen += 1
        updates = [update["products"][0] for update in await told(ProductsQuantityUpdate, seen)]
    assert {u["name"] for u in updates} == {"laptop", "tea pot"}
    created = [event["product"] for event in await told(ProductCreate, 27)]
    assert {(c["price"], c["version"]) for c in created if c["name"] in ("chair", "tea pot")} <= {(29.99, 1), (1, 1)}
    await eventually(lambda: _all_committed(settings, questions, len(values)))


async def _all_committed(settings: Settings, name: str, count: int) -> bool:
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap_servers)
    await admin.start()
    partitions = [TopicPartition(name, p) for p in range(4)]
    offsets = await admin.list_consumer_group_offsets(settings.kafka_group, partitions=partitions)
    await admin.close()
    return sum(max(0, int(found.offset)) for found in offsets.values()) == count
