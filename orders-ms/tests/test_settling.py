"""A decision settles an order once: then it is not asked again, and its status never changes."""

import asyncio
from typing import Any

import pytest
from aiokafka import ConsumerRecord
from bson import ObjectId
from orders.consumers.products import ProductsConsumer
from orders.repositories.copies import Copies
from orders.repositories.orders import Orders
from orders_testing import Service, fixture, snapshot
from pymongo import monitoring
from shop_events import Event, OrderStatusUpdate
from shop_kit.kafka import Delivery
from shop_kit.mongo import Mongo


@fixture(autouse=True)
async def copy(service: Service) -> None:
    await service.tell(snapshot("chair", 30))


def decided(order_id: str, status: str, **lacking: Any) -> Event:
    """`lacking` are the fields of the reason; without them there is none."""
    return OrderStatusUpdate.model_validate({"order_id": order_id, "status": status, "lacking": lacking or None})


async def placed(service: Service) -> str:
    return str((await service.order(("chair", 1))).json()["id"])


@pytest.mark.parametrize(("first", "late"), [("ACCEPTED", "REJECTED"), ("REJECTED", "ACCEPTED")])
async def test_the_first_decision_stays(service: Service, first: str, late: str) -> None:
    order_id = await placed(service)
    await service.tell(decided(order_id, first))
    [settled] = await service.stored()
    assert settled["status"] == first
    assert "outbox" not in settled
    await service.tell(decided(order_id, late))
    await service.tell(decided(order_id, first), decided(order_id, late))
    assert await service.stored() == [settled]


async def test_each_order_of_a_chunk_gets_its_own_status(service: Service) -> None:
    ids = [await placed(service) for _ in range(4)]
    statuses = ["ACCEPTED", "REJECTED", "REJECTED", "ACCEPTED"]
    events = [decided(order_id, status) for order_id, status in zip(ids, statuses, strict=True)]
    await service.tell(*events, snapshot("sofa", 3), *events)
    assert [order["status"] for order in await service.stored()] == statuses
    assert await service.db.products.count_documents({"name": "sofa", "quantity": 3}) == 1


async def test_a_rejection_keeps_its_reason_and_tells_it_in_the_words_of_the_order(service: Service) -> None:
    # The names of a copy of the first version are not lower-cased.
    await service.db.products.update_one({}, {"$set": {"name": "Chair"}})
    placed_orders = [(await service.order(("chair", n))).json() for n in (3, 4, 5)]
    assert [(o["products"][0]["name"], o["lacking"]) for o in placed_orders] == [("Chair", None)] * 3
    short, other, accepted = (o["id"] for o in placed_orders)
    first = [
        decided(short, "REJECTED", name="chair", left=2),
        decided(other, "REJECTED", name="chair", left=0),
        decided(accepted, "ACCEPTED"),
    ]
    await service.tell(*first)
    settled = await service.stored()
    await service.tell(decided(short, "REJECTED", name="chair", left=1), decided(other, "REJECTED"), *first)
    assert await service.stored() == settled
    shown = [(await service.get(f"/orders/{order_id}")).json() for order_id in (short, other, accepted)]
    assert [(o["status"], o["lacking"]) for o in shown] == [
        ("REJECTED", {"name": "Chair", "left": 2}),
        ("REJECTED", {"name": "Chair", "left": 0}),
        ("ACCEPTED", None),
    ]
    assert (await service.get("/orders")).json() == {"orders": shown[::-1]}


async def test_a_chunk_is_settled_with_one_write(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [await placed(service) for _ in range(4)]
    commands: list[str] = []

    class Spy(monitoring.CommandListener):
        def started(self, event: monitoring.CommandStartedEvent) -> None:
            commands.append(event.command_name)

        def succeeded(self, event: object) -> None: ...

        def failed(self, event: object) -> None: ...

    listeners = monitoring._LISTENERS
    monkeypatch.setattr(monitoring, "_LISTENERS", listeners._replace(command_listeners=[Spy()]))
    mongo = Mongo(service.settings, "test")
    record = ConsumerRecord("", 0, 0, 0, 0, None, None, 0, 0, 0, ())
    answers = [
        decided(ids[0], "ACCEPTED"),
        decided(ids[1], "REJECTED", name="chair", left=1),
        decided(ids[2], "REJECTED", name="chair", left=0),
        decided(ids[3], "ACCEPTED"),
    ]
    await ProductsConsumer(Orders(mongo), Copies(mongo)).handle([Delivery(event, record) for event in answers])
    await mongo.close()
    assert [name for name in commands if name not in ("hello", "endSessions")] == ["update"]
    assert [order["status"] for order in await service.stored()] == ["ACCEPTED", "REJECTED", "REJECTED", "ACCEPTED"]


async def test_an_unknown_order_is_no_trouble_and_its_neighbours_settle(service: Service) -> None:
    order_id = await placed(service)
    await service.tell(decided(str(ObjectId()), "ACCEPTED"), decided(order_id, "ACCEPTED"))
    assert [str(order["_id"]) for order in await service.stored()] == [order_id]
    assert (await service.get(f"/orders/{order_id}")).json()["status"] == "ACCEPTED"


async def test_contrary_decisions_at_once_leave_one(service: Service) -> None:
    for _ in range(10):
        order_id = await placed(service)
        await asyncio.gather(service.tell(decided(order_id, "ACCEPTED")), service.tell(decided(order_id, "REJECTED")))
        found = (await service.stored())[-1]
        await service.tell(decided(order_id, "ACCEPTED"), decided(order_id, "REJECTED"))
        assert (await service.stored())[-1] == found
