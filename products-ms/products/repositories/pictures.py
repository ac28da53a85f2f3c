"""Queries on `pictures`: WebP files by the hash of their bytes.

None is ever changed or removed: the address of one stays good for ever, and whoever still shows an older product finds
its picture.
"""

from collections.abc import Iterable

from pymongo.errors import BulkWriteError
from shop_kit.mongo import Mongo

from products.domain.pictures import Picture

DUPLICATE_KEY = 11000


class Pictures:
    def __init__(self, mongo: Mongo):
        self._pictures = mongo.db.pictures

    async def add(self, pictures: Iterable[Picture]) -> None:
        """Store those that are not there yet."""
        documents = [{"_id": picture.id, "data": picture.data} for picture in pictures]
        if not documents:
            return
        try:
            await self._pictures.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            if any(e.get("code") != DUPLICATE_KEY for e in (error.details or {}).get("writeErrors", [])):
                raise

    async def data(self, key: str) -> bytes | None:
        document = await self._pictures.find_one({"_id": key})
        return None if document is None else bytes(document["data"])
