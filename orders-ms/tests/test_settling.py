"""A decision settles an order once: then it is not asked again, and its status never changes."""

import asyncio

import pytest
from bson import ObjectId
from orders_testing import Service, fixture, snapshot
from shop_events import Event, OrderStatusUpdate


@fixture(autouse=True)
async def copy(service: Service) -> None:
    await service.tell(snapshot("chair", 30))


def decided(order_id: str, status: str) -> Event:
    return OrderStatusUpdate.model_validate({"order_id": order_id, "status": status})


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
