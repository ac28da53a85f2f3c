"""Two replicas keep snapshots of one product at once: the highest version stays, whoever comes first."""

import asyncio
from decimal import Decimal

import pytest
from bson import ObjectId
from local_stack.holding import Point, held, run_until
from orders.models import ProductCopy
from orders_racing import Replica

Replicas = tuple[Replica, Replica]
KEY = ObjectId()


def at(version: int, key: ObjectId = KEY) -> ProductCopy:
    """The product at a version: its quantity tells which."""
    return ProductCopy(key, "chair", Decimal("1.50"), 1000 - version, version)


async def kept(replica: Replica) -> list[tuple[int, int]]:
    return [(d["version"], d["quantity"]) async for d in replica.mongo.db.products.find()]


@pytest.mark.parametrize("before", [[], [1]])
@pytest.mark.parametrize(("mine", "rivals", "highest"), [(2, 3, 3), (3, 2, 3), (2, 2, 2)])
async def test_before_the_write(replicas: Replicas, before: list[int], mine: int, rivals: int, highest: int) -> None:
    first, rival = replicas
    for version in before:
        await rival.copies.keep([at(version)])
    async with held(first.copies.keep([at(mine)]), Point(first.copies._products, "bulk_write", before=True)) as one:
        await rival.copies.keep([at(rivals)])
    one.result()
    assert await kept(rival) == [(highest, 1000 - highest)]


@pytest.mark.parametrize("rivals", [5, 6])
async def test_between_its_refusal_and_its_second_try(replicas: Replicas, rivals: int) -> None:
    first, rival = replicas
    await rival.copies.keep([at(5)])
    second = Point(first.copies._products, "bulk_write", before=True, call=2)
    async with held(first.copies.keep([at(4)]), second) as one:
        await rival.copies.keep([at(rivals)])
    one.result()
    assert await kept(rival) == [(rivals, 1000 - rivals)]


@pytest.mark.parametrize(("inserted", "mine"), [(1, 2), (2, 1), (1, 1)])
async def test_the_product_is_being_inserted(replicas: Replicas, inserted: int, mine: int) -> None:
    """The rival's insert is not visible yet, and yet in the way: the upsert finds nothing and can't insert."""
    first, rival = replicas
    open_insert = {"_id": KEY, "name": "chair", "name_key": "chair", "price": Decimal("1.50")}
    coming = Point(first.copies._products, "bulk_write", before=True)
    coming.let_go()
    async with rival.mongo.db.client.start_session() as session, await session.start_transaction():
        await rival.mongo.db.products.insert_one(
            open_insert | {"quantity": 1000 - inserted, "version": inserted}, session=session
        )
        keeping = await run_until(first.copies.keep([at(mine)]), coming)
    await keeping
    assert await kept(rival) == [(max(inserted, mine), 1000 - max(inserted, mine))]


async def test_forty_new_products_come_to_both_at_once(replicas: Replicas) -> None:
    first, rival = replicas
    keys = [ObjectId() for _ in range(40)]
    await asyncio.gather(
        first.copies.keep([at(1 + n % 2, key) for n, key in enumerate(keys)]),
        rival.copies.keep([at(2 - n % 2, key) for n, key in enumerate(keys)]),
    )
    assert await kept(rival) == [(2, 998)] * 40
