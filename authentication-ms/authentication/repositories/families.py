"""The families of session tokens, one a sign-in: which turn each is at.

A token is good for one turn. A conditional update decides who moves the family on, so of two uses of one token, on
any replica, one moves it and the other learns that it was moved. A turn never comes back: a token that is too old
stays too old, and its family can be ended without another look.

`rotated_at` is by the clock of the process that moved the family. Where the replicas' clocks differ, the grace is
longer or shorter by the difference. Rows vanish by themselves once their tokens have expired.
"""

import time
import uuid
from datetime import UTC, datetime, timedelta

from pymongo.read_concern import ReadConcern
from shop_kit.mongo import Mongo

from authentication.models import FAMILY_SCHEMA

GRACE = timedelta(seconds=10)
"""So long after a turn its token still counts: two tabs may send it at once, and an answer may get lost."""


class Families:
    """The collection `families`."""

    def __init__(self, mongo: Mongo):
        self._db = mongo.db
        self._families = mongo.db.families
        # What a failed update has just seen may not be known by the majority yet.
        self._as_updates_see = mongo.db.families.with_options(read_concern=ReadConcern("local"))

    async def ensure_index_and_validator(self) -> None:
        """Make the collection and its index, where they are missing, and have the database refuse malformed rows."""
        await self._families.create_index("expires_at", expireAfterSeconds=0)
        await self._db.command("collMod", "families", validator={"$jsonSchema": FAMILY_SCHEMA})

    async def begin(self, expires: int) -> str:
        """The id of a new family, at turn 0, until the Unix time `expires`."""
        family = uuid.uuid4().hex
        ends = datetime.fromtimestamp(expires, UTC)
        await self._families.insert_one({"_id": family, "turn": 0, "rotated_at": _now(), "expires_at": ends})
        return family

    async def move_on(self, family: str, turn: int) -> bool:
        """Whether the family is at the turn after `turn`: moved there now, or by another within the GRACE."""
        moved = await self._families.update_one(
            {"_id": family, "turn": turn}, {"$set": {"turn": turn + 1, "rotated_at": _now()}}
        )
        return moved.matched_count == 1 or await self._was_just_moved(family, turn)

    async def _was_just_moved(self, family: str, turn: int) -> bool:
        row = await self._as_updates_see.find_one({"_id": family})
        return row is not None and row["turn"] == turn + 1 and _now() - row["rotated_at"] < GRACE

    async def end(self, family: str) -> bool:
        """Make every token of the family worthless; False if it had ended before."""
        return (await self._families.delete_one({"_id": family})).deleted_count == 1


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
