"""A database of the first version is converted at start, once and repeatably."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from bson import ObjectId
from orders.models import Order
from orders.repositories.orders import order
from orders.services.questions import question
from orders_testing import ANN, Service, StartService, eventually, snapshot


def old_order(number: int, status: str, cost: float, *lines: tuple[str, float, int]) -> dict[str, Any]:
    products = [{"name": name, "price": price, "quantity": count} for name, price, count in lines]
    key = ObjectId.from_datetime(datetime(2024, 1, number, tzinfo=UTC))
    return {"_id": key, "client_email": ANN, "status": status, "cost": cost, "products": products}


ORDERS = [
    old_order(1, "ACCEPTED", 83.94, ("cutlery", 5.99, 4), ("chair", 29.99, 2)),
    old_order(2, "REJECTED", 699.9300000000001, ("headphones", 99.99, 7)),
    old_order(3, "PENDING", 29.99, ("chair", 29.99, 1)),
    old_order(4, "PENDING", -5.99, ("cutlery", 5.99, -1)),
    old_order(5, "PENDING", float("nan"), ("free", float("nan"), 2)),
    old_order(6, "ACCEPTED", 1e300, ("dear", 1e300, 1)),
    old_order(7, "PENDING", 0.0),
]
CONVERTED = [
    ("ACCEPTED", "83.94", [("cutlery", "5.99", 4), ("chair", "29.99", 2)]),
    ("REJECTED", "699.93", [("headphones", "99.99", 7)]),
    ("PENDING", "29.99", [("chair", "29.99", 1)]),
    ("REJECTED", "0", [("cutlery", "5.99", -1)]),
    ("PENDING", "0", [("free", "0", 2)]),
    ("ACCEPTED", "0", [("dear", "0", 1)]),
    ("REJECTED", "0", []),
]
COPY: list[dict[str, Any]] = [
    {"_id": ObjectId("10fefe4a1cad4140785928a4"), "name": "Cutlery", "price": 5.99, "quantity": 200},
    {"_id": ObjectId("11fefe4a1cad4140785928a4"), "name": "chair", "price": float("nan"), "quantity": -3},
]


@pytest.fixture(autouse=True)
def no_broker(settings: pytest.MonkeyPatch) -> None:
    """So that nothing is asked while a test looks."""
    settings.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")


async def load(start: StartService) -> None:
    """Put the dump where the next service will find it."""
    async with start() as service:
        for name in ("orders", "products"):
            await service.db.drop_collection(name)
        await service.db.orders.insert_many([dict(d) for d in ORDERS])
        await service.db.products.insert_many([dict(product) for product in COPY])


async def test_orders_keep_what_they_said_with_money_as_decimals(start: StartService) -> None:
    await load(start)
    async with start() as service:
        first = await service.stored()
        listed = (await service.get("/orders")).json()["orders"]
    for d, (status, cost, lines) in zip(first, CONVERTED, strict=True):
        assert (d["status"], d["cost"]) == (status, Decimal(cost))
        assert [(x["name"], x["price"], x["quantity"]) for x in d["products"]] == [
            (name, Decimal(price), count) for name, price, count in lines
        ]
        assert d["created_at"] == d["_id"].generation_time
        assert ("outbox" in d) == (status == "PENDING")
    assert [shown["status"] for shown in listed] == [status for status, _, _ in CONVERTED][::-1]
    async with start() as service:
        assert [d | {"outbox": 0} for d in await service.stored()] == [o | {"outbox": 0} for o in first]


async def test_the_copy_gets_version_0_and_prices_orders_until_it_is_told_anew(start: StartService) -> None:
    await load(start)
    for _ in range(2):
        async with start() as service:
            assert await service.db.products.find({}, {"_id": 0}).sort("_id").to_list() == [
                {"name": "Cutlery", "name_key": "cutlery", "price": Decimal("5.99"), "quantity": 200, "version": 0},
                {"name": "chair", "name_key": "chair", "price": Decimal(0), "quantity": 0, "version": 0},
            ]
    async with start() as service:
        assert (await service.order(("cutlery", 2))).json()["cost"] == 11.98
        await service.tell(snapshot("cutlery", 7, 1, "6.00", COPY[0]["_id"]))
        assert (await service.order(("cutlery", 2))).json()["cost"] == 12.0


async def test_what_can_be_decided_is_asked_and_the_rest_does_not_stand_in_its_way(start: StartService) -> None:
    await load(start)
    async with start() as service:

        async def asked() -> bool:
            attempts = {d["_id"]: d["outbox"]["attempts"] for d in await service.stored() if "outbox" in d}
            return set(attempts) == {ORDERS[2]["_id"], ORDERS[4]["_id"]} and min(attempts.values()) >= 1

        await eventually(asked)
        assert [question(order).order.id for order in await pending(service)] == [str(ORDERS[n]["_id"]) for n in (2, 4)]


async def pending(service: Service) -> list[Order]:
    return [order(d) async for d in service.db.orders.find({"outbox": {"$exists": True}}).sort("_id")]
