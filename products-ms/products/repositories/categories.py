"""Queries on `categories`."""

from collections.abc import Iterable

from bson import ObjectId
from pymongo.errors import DuplicateKeyError
from shop_kit.mongo import Document, Mongo
from shop_kit.names import name_key

from products.errors import CategoryExistsError
from products.models import Category


class Categories:
    def __init__(self, mongo: Mongo):
        self._categories = mongo.db.categories

    async def all(self) -> list[Category]:
        """Every category, oldest first."""
        return [_category(d) async for d in self._categories.find().sort("_id")]

    async def named(self, names: Iterable[str]) -> dict[str, Category]:
        """Those of `names` that exist, by their name key."""
        keys = [name_key(name) for name in names]
        return {d["name_key"]: _category(d) async for d in self._categories.find({"name_key": {"$in": keys}})}

    async def add(self, name: str) -> Category:
        """Raises CategoryExistsError if another spelling of the name is there."""
        document = {"_id": ObjectId(), "name": name, "name_key": name_key(name)}
        try:
            await self._categories.insert_one(document)
        except DuplicateKeyError as error:
            raise CategoryExistsError() from error
        return _category(document)


def _category(document: Document) -> Category:
    return Category(document["_id"], document["name"])
