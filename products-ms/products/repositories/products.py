"""Queries on `products`."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bson import ObjectId
from pymongo import UpdateOne
from pymongo.errors import DuplicateKeyError
from shop_kit import outbox
from shop_kit.mongo import ConflictError, Document, Mongo, Session
from shop_kit.names import name_key, slug_of

from products.errors import ProductExistsError
from products.models import MAX_QUANTITY, Product, Size


class Products:
    """`turn` is held by whoever changes stock. The database keeps transactions apart, this only spares them: those of
    one process would make each other start again, and of many at once on few products some never end.
    """

    def __init__(self, mongo: Mongo):
        self._products = mongo.db.products
        self.turn = asyncio.Lock()

    async def with_ids(self, ids: Sequence[ObjectId]) -> list[Product]:
        """Those that exist, in the order of `ids`."""
        found = {d["_id"]: product(d) async for d in self._products.find({"_id": {"$in": list(ids)}})}
        return [found[key] for key in ids if key in found]

    async def named(self, name: str) -> Product | None:
        document = await self._products.find_one({"name_key": name_key(name)})
        return product(document) if document else None

    async def with_slug(self, slug: str) -> Product | None:
        document = await self._products.find_one({"slug": slug})
        return product(document) if document else None

    async def with_keys(self, keys: Iterable[str], session: Session) -> dict[str, Product]:
        """Those that exist, by their name key, as the transaction sees them."""
        found = self._products.find({"name_key": {"$in": list(keys)}}, session=session)
        return {d["name_key"]: product(d) async for d in found}

    async def add(self, new: Product, session: Session) -> Product:
        """The product, as stored: its slug is made unique. Raises ProductExistsError if the name is taken."""
        slug = slug_of(new.name, "product")
        if await self._products.find_one({"slug": slug}, {"_id": 1}, session=session) is not None:
            slug = f"{slug}-{new.id}"
        document: Document = {
            "_id": new.id,
            "name": new.name,
            "name_key": name_key(new.name),
            "slug": slug,
            "description": new.description,
            "price": new.price,
            "quantity": new.quantity,
            "categories": list(new.categories),
            "version": 1,
            "created_at": datetime.now(UTC),
            "outbox": outbox.entry(),
        }
        try:
            await self._products.insert_one(document, session=session)
        except DuplicateKeyError as error:
            if "slug" in (error.details or {}).get("keyPattern", {}):
                # Another took it since it was read: read again.
                raise ConflictError from error
            raise ProductExistsError() from error
        return product(document)

    async def take(self, stock: Mapping[str, Product], taken: Mapping[str, int], session: Session) -> list[Product]:
        """Take `taken` (by name key) from the products as read; returns them as they are then.

        Raises ConflictError if one has changed since it was read.
        """
        changed = [(stock[key], -count) for key, count in taken.items() if count]
        return await self._change(changed, session)

    async def restock(self, slug: str, delta: int, session: Session) -> Product | None:
        """The product with `delta` pieces more; None if there is none, or its quantity would leave its bounds."""
        document = await self._products.find_one({"slug": slug}, session=session)
        if document is None or not 0 <= document["quantity"] + delta <= MAX_QUANTITY:
            return None
        return (await self._change([(product(document), delta)], session))[0]

    async def set_picture(self, slug: str, sizes: Sequence[Size]) -> bool:
        """Whether there is such a product; it has this picture now. Its version stays: nobody is told of pictures."""
        result = await self._products.update_one({"slug": slug}, {"$set": {"picture": picture_field(sizes)}})
        return result.matched_count == 1

    async def raise_versions(self, told: Mapping[ObjectId, int]) -> None:
        """Give each product whose version is not above the one in `told` the next one after it, and make it due."""
        writes = [
            UpdateOne(
                {"_id": key, "version": {"$lte": version}},
                {"$set": {"version": version + 1, "outbox": outbox.entry(0)}},
            )
            for key, version in told.items()
        ]
        if writes:
            await self._products.bulk_write(writes, ordered=False)

    async def _change(self, changes: list[tuple[Product, int]], session: Session) -> list[Product]:
        after, writes = [], []
        for before, delta in changes:
            entry = outbox.entry()
            after.append(_changed(before, delta, entry["claim"]))
            writes.append(
                UpdateOne(
                    {"_id": before.id, "version": before.version},
                    {"$inc": {"quantity": delta, "version": 1}, "$set": {"outbox": entry}},
                )
            )
        if writes:
            result = await self._products.bulk_write(writes, session=session)
            if result.matched_count != len(writes):
                raise ConflictError
        return after


def _changed(p: Product, delta: int, claim: ObjectId) -> Product:
    return replace(p, quantity=p.quantity + delta, version=p.version + 1, claim=claim)


def picture_field(sizes: Sequence[Size]) -> Document:
    """What a product's document says of its picture."""
    return {"sizes": [{"width": s.width, "height": s.height, "picture": s.picture} for s in sizes]}


def product(d: Document) -> Product:
    """The product in a document."""
    return Product(
        d["_id"],
        d["name"],
        d["slug"],
        d["description"],
        d["price"],
        d["quantity"],
        tuple(d["categories"]),
        d["version"],
        d.get("outbox", {}).get("claim"),
        tuple(Size(s["width"], s["height"], s["picture"]) for s in d.get("picture", {}).get("sizes", [])),
    )
