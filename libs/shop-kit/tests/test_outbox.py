"""A document that is its own outbox: claimed by one, put off only if nothing changed since."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId
from shop_kit.mongo import Document, Mongo
from shop_kit.outbox import LONGEST_DELAY, TOO_FAR, Outbox, delay, entry

LAP = 100
KEYS = [ObjectId(f"{n:024x}") for n in range(30)]


@pytest.fixture
async def outbox(mongo: Mongo) -> Outbox:
    made = Outbox(mongo.db.rows, LAP)
    await made.ensure_index()
    await mongo.db.rows.insert_many(
        [{"_id": key, "version": 1, "outbox": entry(-n if n < 20 else 60)} for n, key in enumerate(KEYS)]
    )
    await mongo.db.rows.insert_one({"_id": ObjectId(), "version": 1})
    return made


async def row(mongo: Mongo, key: ObjectId) -> Any:
    found: Document | None = await mongo.db.rows.find_one({"_id": key})
    assert found is not None
    return found


def seconds_until(moment: datetime) -> float:
    return (moment - datetime.now(UTC)).total_seconds()


async def test_due_documents_are_claimed_longest_due_first(mongo: Mongo, outbox: Outbox) -> None:
    claimed = await outbox.claim(5)
    assert [d["_id"] for d in claimed] == KEYS[19:14:-1]
    for document in claimed:
        after = (await row(mongo, document["_id"]))["outbox"]
        assert (after["claim"], after["attempts"]) == (document["outbox"]["claim"], 1)
        assert 1.5 < seconds_until(after["due"]) <= 4
    rest = await outbox.claim(100)
    assert [d["_id"] for d in rest] == KEYS[14::-1]
    assert await outbox.claim(100) == []


async def test_what_a_wrong_clock_put_off_is_due(mongo: Mongo, outbox: Outbox) -> None:
    for key, seconds in ((KEYS[3], TOO_FAR * LAP + 1), (KEYS[4], TOO_FAR * LAP - 60), (KEYS[5], 86_400)):
        await mongo.db.rows.update_one({"_id": key}, {"$set": {"outbox": entry(seconds)}})
    due = {*KEYS[:20]} - {KEYS[4]}
    first = await outbox.claim(18)
    assert len(first) == 18
    assert {d["_id"] for d in [*first, *await outbox.claim(100)]} == due
    assert seconds_until((await row(mongo, KEYS[5]))["outbox"]["due"]) <= 4
    assert await outbox.claim(100) == []


async def test_a_claim_is_exclusive(outbox: Outbox) -> None:
    both = await asyncio.gather(*(outbox.claim(100) for _ in range(4)))
    keys = [d["_id"] for claimed in both for d in claimed]
    assert sorted(keys) == KEYS[:20]


async def test_what_was_published_is_put_off(mongo: Mongo, outbox: Outbox) -> None:
    [claimed] = await outbox.claim(1)
    await outbox.put_off([(claimed["_id"], 1, claimed["outbox"]["claim"])])
    after = (await row(mongo, claimed["_id"]))["outbox"]
    assert after["attempts"] == 0
    assert 79 < seconds_until(after["due"]) <= 120
    assert after["claim"] != claimed["outbox"]["claim"]


@pytest.mark.parametrize("change", [{"version": 2}, {"outbox.claim": ObjectId()}])
async def test_what_changed_since_stays_due(mongo: Mongo, outbox: Outbox, change: Document) -> None:
    claimed = await outbox.claim(2)
    changed, unchanged = (d["_id"] for d in claimed)
    await mongo.db.rows.update_one({"_id": changed}, {"$set": change})
    before = await row(mongo, changed)
    await outbox.put_off([(d["_id"], 1, d["outbox"]["claim"]) for d in claimed])
    assert await row(mongo, changed) == before
    assert seconds_until((await row(mongo, unchanged))["outbox"]["due"]) > 70


async def test_an_old_ack_does_not_undo_that_all_is_due(mongo: Mongo, outbox: Outbox) -> None:
    claimed = await outbox.claim(100)
    await outbox.make_all_due({})
    await outbox.put_off([(d["_id"], 1, d["outbox"]["claim"]) for d in claimed])
    assert len(await outbox.claim(100)) == 31


async def test_only_those_asked_for_are_made_due(mongo: Mongo, outbox: Outbox) -> None:
    await mongo.db.rows.update_many({"_id": {"$in": KEYS}}, {"$set": {"outbox": entry(60)}})
    await outbox.make_all_due({"_id": {"$in": KEYS[:3]}})
    assert sorted(d["_id"] for d in await outbox.claim(100)) == KEYS[:3]


def test_the_delay_doubles_up_to_a_limit_and_is_spread() -> None:
    for attempts in range(10):
        delays = {delay(attempts) for _ in range(50)}
        longest = min(2.0 * 2**attempts, LONGEST_DELAY)
        assert longest / 2 <= min(delays) < max(delays) <= longest
        assert len(delays) > 40
    assert seconds_until(entry(5)["due"]) == pytest.approx(5, abs=1)
    assert entry()["due"] > datetime.now(UTC) + timedelta(seconds=1)
