"""Converts a database of the shop's first version: float prices, text categories, no versions, no keys.

Runs at every start and touches only what is not converted yet, so a crash half way does no harm.
"""

import math
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import structlog
from bson import Decimal128, ObjectId
from shop_kit import outbox
from shop_kit.money import CENT
from shop_kit.mongo import Document, Mongo
from shop_kit.names import name_key, slug_of

from products.models import MAX_QUANTITY

log = structlog.get_logger()


async def convert_first_version(mongo: Mongo) -> None:
    """Give every category its key, and every product its keys, slug, version, decimal price and category ids."""
    async for category in mongo.db.categories.find({"name_key": {"$exists": False}}):
        await mongo.db.categories.update_one(
            {"_id": category["_id"]}, {"$set": {"name_key": name_key(category["name"])}}
        )
    old = await mongo.db.products.find({"version": {"$exists": False}}).sort("_id").to_list()
    if not old:
        return
    log.info("converting products of the first version", count=len(old))
    keys = Counter([d["name_key"] async for d in mongo.db.products.find({"version": {"$exists": True}})])
    slugs = {d["slug"] async for d in mongo.db.products.find({"version": {"$exists": True}})}
    for document in old:
        changes = await _converted(mongo, document)
        keys[changes["name_key"]] += 1
        if (count := keys[changes["name_key"]]) > 1:
            changes["name"] = f"{changes['name']} ({count})"
            changes["name_key"] = name_key(changes["name"])
            keys[changes["name_key"]] += 1
        if (slug := slug_of(changes["name"], "product")) in slugs:
            slug = f"{slug}-{document['_id']}"
        slugs.add(slug)
        await mongo.db.products.update_one(
            {"_id": document["_id"], "version": {"$exists": False}}, {"$set": {**changes, "slug": slug}}
        )


async def _converted(mongo: Mongo, document: Document) -> Document:
    price = _decimal(document.get("price"))
    quantity = document.get("quantity", 0)
    usable = price is not None and isinstance(quantity, int) and 0 <= quantity <= MAX_QUANTITY
    if not usable:
        log.warning("a product without a usable price or quantity is sold out now", product=str(document["_id"]))
    return {
        "name": document["name"],
        "name_key": name_key(document["name"]),
        "description": document.get("description") or "",
        "price": price or Decimal(0),
        "quantity": quantity if usable else 0,
        "categories": [await _category(mongo, c) for c in document.get("categories", [])],
        "version": 1,
        "outbox": outbox.entry(0),
    }


def _decimal(price: Any) -> Decimal | None:
    if isinstance(price, Decimal128):
        price = price.to_decimal()
    if not isinstance(price, int | float | Decimal) or not math.isfinite(price) or price < 0:
        return None
    return Decimal(str(price)).quantize(CENT, ROUND_HALF_UP)


async def _category(mongo: Mongo, category: Any) -> ObjectId:
    if isinstance(category, ObjectId):
        return category
    if ObjectId.is_valid(category):
        return ObjectId(category)
    found = await mongo.db.categories.find_one({"name_key": name_key(category)})
    if found is None:
        found = {"_id": ObjectId(), "name": category.strip().lower(), "name_key": name_key(category)}
        await mongo.db.categories.insert_one(found)
    key: ObjectId = found["_id"]
    return key
