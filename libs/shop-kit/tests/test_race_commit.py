"""A request is cancelled while its transaction commits: what it began happens whole, and who asks again finds it."""

import asyncio

import pytest
from local_stack.holding import Point
from shop_kit.mongo import Mongo, Session


@pytest.mark.parametrize("committed", [False, True])
async def test_the_caller_leaves_during_the_commit(mongo: Mongo, committed: bool) -> None:
    rows = mongo.db.rows
    committing: asyncio.Future[Point] = asyncio.get_running_loop().create_future()

    async def decide(session: Session) -> str:
        await rows.insert_one({"_id": 1}, session=session)
        committing.set_result(Point(session, "commit_transaction", before=not committed))
        return "decided now"

    async def decide_again(session: Session) -> str:
        if await rows.find_one({"_id": 1}, session=session):
            return "decided before"
        await rows.insert_one({"_id": 1}, session=session)
        return "decided now"

    async with asyncio.timeout(20):
        caller = asyncio.create_task(mongo.transact(decide))
        await (point := await committing).reached()
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        assert await rows.count_documents({}) == committed
        point.let_go()
        assert await mongo.transact(decide_again) == "decided before"
    assert await rows.find().to_list() == [{"_id": 1}]


async def test_a_rival_that_is_refused_by_a_cancelled_callers_transaction_waits_for_it(mongo: Mongo) -> None:
    """Nobody is left to abort it, and it is not left open."""
    rows = mongo.db.rows
    await rows.insert_one({"_id": 1, "n": 0})
    committing: asyncio.Future[Point] = asyncio.get_running_loop().create_future()
    tries = 0

    async def first(session: Session) -> None:
        await rows.update_one({"_id": 1}, {"$inc": {"n": 1}}, session=session)
        committing.set_result(Point(session, "commit_transaction", before=True))

    async def rival(session: Session) -> int:
        nonlocal tries
        tries += 1
        if tries == 2:
            point.let_go()
        await rows.update_one({"_id": 1}, {"$inc": {"n": 1}}, session=session)
        found = await rows.find_one({"_id": 1}, session=session)
        assert found is not None
        return int(found["n"])

    async with asyncio.timeout(20):
        caller = asyncio.create_task(mongo.transact(first))
        await (point := await committing).reached()
        caller.cancel()
        assert await mongo.transact(rival) == 2
    assert tries >= 2
    assert await rows.find().to_list() == [{"_id": 1, "n": 2}]
