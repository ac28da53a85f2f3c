"""Queries on `listings`: for each product what it is found by, and its place in each order.

Every page is one walk of one index: `found_by` has the product's categories and all prefixes of its words, the keys are
unique and sort as text. They never change, and are kept apart from `products` since the embedded database writes all
index entries of a document anew whenever its stock changes. Tested by looking at each walk, in test_indexes.py, and at
what is found, in test_pages.py.
"""

from collections.abc import Mapping, Sequence

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING
from shop_kit.inserting import insert_missing
from shop_kit.mongo import Document, Mongo, Session
from shop_kit.names import name_key

from products.domain.wanted import Sort
from products.domain.words import prefixes_of
from products.models import Product
from products.repositories.products import product

ORDERS: Mapping[Sort, tuple[str, int]] = {
    "oldest": ("age", ASCENDING),
    "newest": ("age", DESCENDING),
    "price": ("price", ASCENDING),
    "-price": ("price", DESCENDING),
    "name": ("name", ASCENDING),
}
KEYS = ("age", "price", "name")
BATCH = 20
"""Products listed with one write: the embedded database is slower by far with more."""
EVERYTHING = ("",)
"""What every product is found by."""


class Listings:
    def __init__(self, mongo: Mongo):
        self._mongo = mongo
        self._listings = mongo.db.listings

    async def ensure_indexes(self) -> None:
        for key in KEYS:
            await self._listings.create_index([("found_by", ASCENDING), (key, ASCENDING)])

    async def add(self, new: Product, session: Session) -> None:
        await self._listings.insert_one(listing_of(new), session=session)

    async def page(
        self, found_by: Sequence[str | ObjectId], sort: Sort, after: str | None, limit: int
    ) -> list[tuple[ObjectId, str]]:
        """Ids and keys of the first `limit` products that have all of `found_by`, after the key `after` if given.

        The index is walked for the first of `found_by`. The others are a question of their own, since the embedded
        database walks none for what the index does not answer alone; MongoDB makes one of the two.
        """
        key, direction = ORDERS[sort]
        first, *others = found_by or EVERYTHING
        # Every key is greater than no text at all: with a range, the embedded database chooses the index of this key.
        beyond = {"$gt": ""} if after is None else {"$gt" if direction == ASCENDING else "$lt": after}
        pipeline: list[Document] = [{"$match": {"found_by": first, key: beyond}}]
        if others:
            pipeline.append({"$match": {"found_by": {"$all": others}}})
        pipeline += [{"$sort": {key: direction}}, {"$limit": limit}, {"$project": {key: 1}}]
        return [(d["_id"], d[key]) async for d in await self._listings.aggregate(pipeline)]

    async def add_missing(self) -> None:
        """List the products that are not: those of earlier versions, and the start data. Replicas may do so at once."""
        listed = {d["_id"] async for d in self._listings.find({}, {"_id": 1})}
        missing = [d["_id"] async for d in self._mongo.db.products.find({}, {"_id": 1}) if d["_id"] not in listed]
        for start in range(0, len(missing), BATCH):
            some = self._mongo.db.products.find({"_id": {"$in": missing[start : start + BATCH]}})
            await insert_missing(self._listings, [listing_of(product(d)) async for d in some])


def listing_of(p: Product) -> Document:
    """The document that lists a product."""
    return {
        "_id": p.id,
        "found_by": [*p.categories, *prefixes_of(f"{p.name} {p.description}")],
        "age": str(p.id),
        "price": f"{int(p.price * 100):09} {p.id}",
        "name": name_key(p.name),
    }
