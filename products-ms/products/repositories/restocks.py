"""Queries on `restocks`: what an Idempotency-Key was used for, and the answer it got."""

from typing import Any

from pymongo.errors import DuplicateKeyError
from shop_kit.mongo import ConflictError, Mongo, Session


class Restocks:
    def __init__(self, mongo: Mongo):
        self._restocks = mongo.db.restocks

    async def find(self, key: str, session: Session) -> dict[str, Any] | None:
        """What the key was used for: `{slug, delta}`."""
        return await self._restocks.find_one({"_id": key}, session=session)

    async def add(self, key: str, slug: str, delta: int, session: Session) -> None:
        """Raises ConflictError if the key was used meanwhile."""
        try:
            await self._restocks.insert_one({"_id": key, "slug": slug, "delta": delta}, session=session)
        except DuplicateKeyError as error:
            raise ConflictError from error
