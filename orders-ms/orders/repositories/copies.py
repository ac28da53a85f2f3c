"""Queries on `products`, the copy of products-ms' catalogue."""

from collections.abc import Iterable, Sequence

from bson import ObjectId
from pymongo import ReplaceOne
from pymongo.errors import BulkWriteError
from shop_kit.batching import Batcher
from shop_kit.inserting import duplicates
from shop_kit.mongo import Document, Mongo
from shop_kit.names import name_key

from orders.models import ProductCopy


class Copies:
    def __init__(self, mongo: Mongo):
        self._products = mongo.db.products
        self._find: Batcher[frozenset[str], dict[str, ProductCopy]] = Batcher(self._find_many)

    async def named(self, names: Iterable[str]) -> dict[str, ProductCopy]:
        """Those that are known, by their name key."""
        return await self._find(frozenset(map(name_key, names)))

    async def _find_many(self, wanted: Sequence[frozenset[str]]) -> list[dict[str, ProductCopy]]:
        documents = await self._products.find({"name_key": {"$in": list(frozenset().union(*wanted))}}).to_list()
        known = {d["name_key"]: _copy(d) for d in documents}
        return [{key: known[key] for key in keys if key in known} for keys in wanted]

    async def keep(self, snapshots: Sequence[ProductCopy]) -> None:
        """Keep each snapshot whose version is higher than what is there; the others change nothing.

        An upsert that finds no lower version tries to insert, and the unique _id refuses it: that is the guard. What
        is there then may be lower all the same, if another replica inserted it just now; so those are tried again.
        """
        try:
            await self._products.bulk_write([_replace(s, upsert=True) for s in snapshots], ordered=False)
        except BulkWriteError as error:
            refused = [snapshots[failure["index"]] for failure in duplicates(error)]
            await self._products.bulk_write([_replace(s, upsert=False) for s in refused], ordered=False)


def _replace(s: ProductCopy, *, upsert: bool) -> ReplaceOne[Document]:
    document = {
        "name": s.name,
        "name_key": name_key(s.name),
        "price": s.price,
        "quantity": s.quantity,
        "version": s.version,
    }
    return ReplaceOne({"_id": s.id, "version": {"$lt": s.version}}, document, upsert=upsert)


def _copy(d: Document) -> ProductCopy:
    return ProductCopy(d["_id"], d["name"], d["price"], d["quantity"], d["version"])


def newest(snapshots: Iterable[ProductCopy]) -> list[ProductCopy]:
    """Of each product, the snapshot with the highest version."""
    best: dict[ObjectId, ProductCopy] = {}
    for s in snapshots:
        if s.id not in best or best[s.id].version < s.version:
            best[s.id] = s
    return list(best.values())
