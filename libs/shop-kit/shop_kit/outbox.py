"""The document is its own outbox: what has to be published says so itself, and a sweep asks again until it was.

`outbox: {due, claim, attempts}` under a sparse index on `outbox.due`. Every change, mark or claim writes a new `claim`
(a BSON date has only milliseconds, so the time can't serve as one): who still sees the claim he read knows that nothing
changed since.

The times are those of the services' own clocks, and a clock can be wrong. What one that is ahead put off for too long
is due all the same (`Outbox.claim`); what one that is behind put off is due too soon, which does no harm. Tested by
clocks that jump, in tests/simulation and tests/faults.
"""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bson import ObjectId
from pymongo import ASCENDING, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection

from shop_kit.mongo import Document

FIRST_DELAY = 2.0
LONGEST_DELAY = 30.0
TOO_FAR = 2
"""Nothing is put off for so many times the longest delay, or a lap: a clock that said so was wrong."""


def delay(attempts: int) -> float:
    """Seconds until the next attempt: doubling from 2 to 30, less up to half by chance, lest all ask at once."""
    return float(min(FIRST_DELAY * 2**attempts, LONGEST_DELAY) * random.uniform(0.5, 1))  # noqa: S311


def entry(seconds: float = FIRST_DELAY, attempts: int = 0) -> Document:
    """A new `outbox` field, due in `seconds`: long enough that whoever wrote it can publish at once and be first."""
    return {"due": datetime.now(UTC) + timedelta(seconds=seconds), "claim": ObjectId(), "attempts": attempts}


class Outbox:
    """The outbox fields of one collection. What was published rests for `lap` seconds."""

    def __init__(self, collection: AsyncCollection[Document], lap: float = 0):
        self._collection = collection
        self._lap = lap

    async def ensure_index(self) -> None:
        await self._collection.create_index([("outbox.due", ASCENDING)], sparse=True)

    async def claim(self, limit: int) -> list[Document]:
        """Up to `limit` due documents, each claimed by this caller alone and put off until its next attempt."""
        now = datetime.now(UTC)
        too_far = now + timedelta(seconds=TOO_FAR * max(self._lap, LONGEST_DELAY))
        found: list[Document] = []
        # Two questions, since the embedded database answers an $or without the index.
        for due in ({"$lte": now}, {"$gt": too_far}):
            found += await self._collection.find({"outbox.due": due}).sort("outbox.due").limit(limit).to_list()
        return await self._claim(found[:limit])

    async def _claim(self, found: Sequence[Document]) -> list[Document]:
        """Those that nobody else changed or claimed since they were read, with their new entries."""
        if not found:
            return []
        writes = []
        for document in found:
            before, attempts = document["outbox"]["claim"], document["outbox"]["attempts"] + 1
            document["outbox"] = entry(delay(attempts), attempts)
            as_read = {"_id": document["_id"], "outbox.claim": before}
            writes.append(UpdateOne(as_read, {"$set": {"outbox": document["outbox"]}}))
        result = await self._collection.bulk_write(writes, ordered=False)
        if result.modified_count == len(found):
            return list(found)
        stored = self._collection.find({"_id": {"$in": [document["_id"] for document in found]}})
        claims = {document["_id"]: document.get("outbox", {}).get("claim") async for document in stored}
        return [document for document in found if claims.get(document["_id"]) == document["outbox"]["claim"]]

    async def put_off(self, published: Sequence[tuple[ObjectId, int, ObjectId | None]]) -> None:
        """Those (id, version, claim) are due again after about a lap; one that changed since stays due."""
        await self._collection.bulk_write(
            [
                UpdateOne(
                    {"_id": key, "version": version, "outbox.claim": claim},
                    {"$set": {"outbox": entry(self._lap * random.uniform(0.8, 1.2))}},  # noqa: S311
                )
                for key, version, claim in published
            ],
            ordered=False,
        )

    async def make_all_due(self, which: dict[str, Any]) -> None:
        """Every document that fits `which` is due now, whatever it was before."""
        await self._collection.update_many(which, {"$set": {"outbox": entry(0)}})
