"""Transactions: conflicts read again, errors leave nothing, cancellation loses nothing."""

import asyncio

import pytest
from kit_testing import eventually
from pymongo.errors import DuplicateKeyError
from shop_kit.mongo import CONFLICTS, ConflictError, Mongo, Session


async def test_ten_at_once_each_count(mongo: Mongo) -> None:
    await mongo.db.counters.insert_one({"_id": 1, "n": 0})
    runs = 0

    async def add_one(session: Session) -> int:
        nonlocal runs
        runs += 1
        found = await mongo.db.counters.find_one({"_id": 1}, session=session)
        assert found is not None
        await mongo.db.counters.update_one({"_id": 1}, {"$set": {"n": found["n"] + 1}}, session=session)
        return int(found["n"]) + 1

    results = await asyncio.gather(*(mongo.transact(add_one) for _ in range(10)))
    assert sorted(results) == list(range(1, 11))
    assert await mongo.db.counters.find_one() == {"_id": 1, "n": 10}
    assert runs >= 10


async def test_a_conflict_reads_again(mongo: Mongo) -> None:
    seen: list[int] = []

    async def work(session: Session) -> str:
        seen.append(await mongo.db.rows.count_documents({}, session=session))
        await mongo.db.rows.insert_one({"_id": len(seen)}, session=session)
        if len(seen) < 3:
            raise ConflictError
        return "done"

    assert await mongo.transact(work) == "done"
    assert seen == [0, 0, 0]
    assert [d["_id"] async for d in mongo.db.rows.find()] == [3]


async def test_conflicts_without_end_are_given_up(mongo: Mongo) -> None:
    runs = 0

    async def work(session: Session) -> None:
        nonlocal runs
        runs += 1
        await mongo.db.rows.insert_one({"_id": runs}, session=session)
        raise ConflictError

    with pytest.raises(ConflictError):
        await mongo.transact(work)
    assert runs == CONFLICTS
    assert await mongo.db.rows.count_documents({}) == 0


async def test_an_error_leaves_nothing(mongo: Mongo) -> None:
    await mongo.db.rows.insert_one({"_id": 1})

    async def work(session: Session) -> None:
        await mongo.db.rows.insert_one({"_id": 2}, session=session)
        await mongo.db.rows.update_one({"_id": 1}, {"$set": {"changed": True}}, session=session)
        await mongo.db.rows.insert_one({"_id": 1}, session=session)

    with pytest.raises(DuplicateKeyError):
        await mongo.transact(work)
    assert await mongo.db.rows.find().to_list() == [{"_id": 1}]


async def test_cancelling_the_caller_does_not_lose_the_commit(mongo: Mongo) -> None:
    inside, go_on, left = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work(session: Session) -> None:
        await mongo.db.rows.insert_one({"_id": 1}, session=session)
        inside.set()
        await go_on.wait()
        await mongo.db.rows.insert_one({"_id": 2}, session=session)
        left.set()

    caller = asyncio.create_task(mongo.transact(work))
    await inside.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await mongo.db.rows.count_documents({}) == 0
    go_on.set()
    await asyncio.wait_for(left.wait(), 5)

    async def committed() -> bool:
        return await mongo.db.rows.count_documents({}) == 2

    await eventually(committed, 5)
