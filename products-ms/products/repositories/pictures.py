"""Queries on `pictures`: WebP files by the hash of their bytes.

None is ever changed or removed: the address of one stays good for ever, and whoever still shows an older product finds
its picture.
"""

from collections.abc import Iterable

from shop_kit.inserting import insert_missing
from shop_kit.mongo import Mongo

from products.domain.pictures import Picture


class Pictures:
    def __init__(self, mongo: Mongo):
        self._pictures = mongo.db.pictures

    async def add(self, pictures: Iterable[Picture]) -> None:
        """Store those that are not there yet."""
        await insert_missing(self._pictures, [{"_id": picture.id, "data": picture.data} for picture in pictures])

    async def data(self, key: str) -> bytes | None:
        document = await self._pictures.find_one({"_id": key})
        return None if document is None else bytes(document["data"])
