"""`products.cli recover`: what was told is entered as it was told, and what no topic knows is said."""

from decimal import Decimal

from bson import ObjectId
from products import cli
from products.models import MAX_QUANTITY, Decision, Lacking
from products.repositories.ledger import Ledger
from products.services.recovery import Recovery
from products_testing import Store, order
from shop_events import (
    Event,
    OrderCreate,
    OrderedLine,
    OrderStatusUpdate,
    PlacedOrder,
    ProductSnapshot,
    ProductsQuantityUpdate,
    topic,
)
from shop_kit.kafka import Message, Publisher


def recovery(store: Store) -> Recovery:
    return Recovery(store.mongo, Ledger(store.mongo), store.products)


def question(key: ObjectId, name: str, count: int) -> Event:
    line = OrderedLine(name=name, price=Decimal(1), quantity=count)
    return OrderCreate(order=PlacedOrder(id=str(key), client_email="a@example.test", cost=Decimal(1), products=[line]))


def told(name: str, quantity: int, version: int, key: ObjectId | None = None) -> Event:
    product = ProductSnapshot(
        id=str(key or ObjectId()), name=name, price=Decimal(1), quantity=quantity, version=version
    )
    return ProductsQuantityUpdate(products=[product])


async def publish(store: Store, publisher: Publisher, *events: Event) -> None:
    prefix = store.settings.kafka_topic
    await publisher.publish(
        [Message(topic(prefix, type(e)), e.key.encode(), e.model_dump_json().encode()) for e in events]
    )


async def test_the_command_says_what_it_did_and_what_is_left_to_do(store: Store, publisher: Publisher) -> None:
    cup, jug = await store.add("cup", 10), await store.add("jug", 5)
    await store.decisions.decide([order(1, ("cup", 1))])
    accepted, rejected, unasked = ObjectId(), ObjectId(), ObjectId()
    await publish(
        store,
        publisher,
        question(order(1).id, "Cup", 1),
        question(accepted, "Cup", 4),
        question(accepted, "Cup", 4),
        question(rejected, "jug", 9),
        OrderStatusUpdate(order_id=str(order(1).id), status="ACCEPTED"),
        OrderStatusUpdate(order_id=str(accepted), status="ACCEPTED"),
        OrderStatusUpdate(order_id=str(rejected), status="REJECTED", lacking={"name": "jug", "left": 5}),
        OrderStatusUpdate(order_id=str(unasked), status="ACCEPTED"),
        told("cup", 25, 7, cup.id),
        told("cup", 9, 2, cup.id),
        told("jug", 5, 1, jug.id),
        told("lamp", 3, 1),
    )
    assert sorted([line async for line in cli.recover()]) == sorted(
        [
            "2 decisions entered",
            f"order {unasked} was ACCEPTED, and no topic says any more what it was for",
            "cup: 5 pieces, 25 when it was told of last",
            "lamp: unknown, with 3 pieces when it was told of last",
        ]
    )
    assert [(p.name, p.quantity, p.version) for p in await store.all()] == [("cup", 5, 8), ("jug", 5, 2)]
    rows = {row["_id"]: (row["status"], row.get("lacking")) async for row in store.db.orders.find()}
    assert rows == {
        order(1).id: ("ACCEPTED", None),
        accepted: ("ACCEPTED", None),
        rejected: ("REJECTED", {"name": "jug", "left": 5, "version": 0}),
    }
    assert next(iter([line async for line in cli.recover()])) == "0 decisions entered"


async def test_what_was_sold_of_a_restock_that_is_lost_leaves_nothing(store: Store) -> None:
    await store.add("cup", 3)
    sold = [Decision(order(number, ("cup", 2)), "ACCEPTED") for number in (1, 2)]
    refused = Decision(order(3, ("cup", MAX_QUANTITY)), "REJECTED", Lacking("cup", 1))
    assert await recovery(store).enter([*sold, refused]) == 3
    assert await recovery(store).enter([*sold, refused]) == 0
    assert await store.stock() == {"cup": 0}
    assert await store.db.orders.count_documents({}) == 3


async def test_a_product_that_was_told_is_told_again_with_a_higher_version(store: Store) -> None:
    cup, jug = await store.add("cup", 3), await store.add("jug", 3)
    await store.db.products.update_one({"_id": jug.id}, {"$set": {"version": 9}})
    due = {p["name"]: p["outbox"]["due"] async for p in store.db.products.find()}
    await recovery(store).outbid({cup.id: 5, jug.id: 8, ObjectId(): 2})
    assert [(p.name, p.version) for p in await store.all()] == [("cup", 6), ("jug", 9)]
    after = {p["name"]: p["outbox"]["due"] async for p in store.db.products.find()}
    assert (after["cup"] < due["cup"], after["jug"] == due["jug"]) == (True, True)
