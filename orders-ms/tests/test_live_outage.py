"""What is told when the change stream can't go on: everyone reads anew, and hears what follows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from bson import ObjectId
from live_testing import listening, stream
from local_stack.streams import Told
from orders.models import Order
from orders.repositories.changes import OrderChanges
from orders_testing import ANN, Service, eventually
from shop_kit.tasks import running

Heard = list[tuple[str, str] | None]
"""The status and token of each change, and None where some may have been missed."""


@asynccontextmanager
async def following(changes: OrderChanges) -> AsyncIterator[Heard]:
    heard: Heard = []

    def changed(token: str, order: Order) -> None:
        heard.append((order.status, token))

    async with running(partial(changes.follow, lambda: heard.append(None), changed)):
        yield heard


def document(**changes: Any) -> dict[str, Any]:
    line = {"name": "chair", "price": Decimal(1), "quantity": 1}
    order = {"client_email": ANN, "status": "PENDING", "cost": Decimal(1), "products": [line]}
    return order | {"created_at": ObjectId().generation_time} | changes


async def reaches(heard: Heard, count: int) -> None:
    async def there() -> bool:
        return len(heard) >= count

    await eventually(there)


async def test_it_goes_on_where_it_ended(live: Service) -> None:
    changes = OrderChanges(live.mongo)
    async with following(changes) as heard:
        await reaches(heard, 1)
        await live.db.orders.insert_one(document())
        await reaches(heard, 2)
    await live.db.orders.insert_one(document(status="ACCEPTED"))
    async with following(changes) as later:
        await reaches(later, 1)
    assert (heard[0], heard[1] and heard[1][0], [h and h[0] for h in later]) == (None, "PENDING", ["ACCEPTED"])


@pytest.mark.parametrize("token", ["aa", "zz", "82" * 40])
async def test_a_place_that_the_database_does_not_know(live: Service, token: str) -> None:
    changes = OrderChanges(live.mongo)
    changes._token = {"_data": token}
    async with following(changes) as heard:
        await reaches(heard, 1)
        await live.db.orders.insert_one(document())
        await reaches(heard, 2)
    assert [h and h[0] for h in heard] == [None, "PENDING"]


async def test_what_is_no_order_stops_nothing(live: Service) -> None:
    async with following(OrderChanges(live.mongo)) as heard:
        await reaches(heard, 1)
        await live.db.orders.insert_many([document(products=[{"name": 1}]), document(status="REJECTED")])
        await reaches(heard, 2)
    assert [h and h[0] for h in heard] == [None, "REJECTED"]


async def test_two_that_follow_hear_the_same(live: Service) -> None:
    async with following(OrderChanges(live.mongo)) as one, following(OrderChanges(live.mongo)) as two:
        await asyncio.gather(reaches(one, 1), reaches(two, 1))
        await live.db.orders.insert_many([document() for _ in range(30)])
        await live.db.orders.update_many({}, {"$set": {"status": "ACCEPTED"}})
        await asyncio.gather(reaches(one, 61), reaches(two, 61))
    assert one == two
    assert len(set(one)) == 61


async def test_everyone_reads_anew_when_changes_may_have_been_missed(live: Service) -> None:
    async with listening(live.client) as mine, listening(live.client, "bob@example.test") as bobs:
        await live.db.orders.insert_one(document())
        told = await mine.next()
        live.app.state.news.anew()
        assert [await mine.next(), await bobs.next()] == [Told("ready", {})] * 2
        assert told is not None
        # What came after it is not known any more.
        async with stream(live.client, last=told.id) as again:
            assert await again.next() == Told("ready", {})
