"""Converts a database of the shop's first version: float prices, text categories, no versions, no keys.

Runs at every start and touches only what is not converted yet, so a crash half way does no harm.
"""

import hashlib
import math
from collections.abc import Set
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from itertools import count as count_from
from typing import Any

import structlog
from bson import ObjectId
from shop_kit import outbox
from shop_kit.money import CENT, MAX_PRICE
from shop_kit.mongo import Document, Mongo
from shop_kit.names import name_key, slug_of

from products.models import MAX_QUANTITY

log = structlog.get_logger()


async def convert_first_version(mongo: Mongo) -> None:
    """Give every category its key, and every product its keys, slug, version, decimal price and category ids."""
    async for category in mongo.db.categories.find({"name_key": {"$exists": False}}):
        name = _text(category.get("name")) or f"category {category['_id']}"
        await mongo.db.categories.update_one(
            {"_id": category["_id"]}, {"$set": {"name": name, "name_key": name_key(name)}}
        )
    old = await mongo.db.products.find({"version": {"$exists": False}}).sort("_id").to_list()
    if not old:
        return
    log.info("converting products of the first version", count=len(old))
    # What another replica converts at this moment is converted here too, in the same order and so to the same names.
    mine = {document["_id"] for document in old}
    all_done = await mongo.db.products.find({"version": {"$exists": True}}, {"name_key": 1, "slug": 1}).to_list()
    done = [d for d in all_done if d["_id"] not in mine]
    keys, slugs = {d["name_key"] for d in done}, {d["slug"] for d in done}
    for document in old:
        changes = await _converted(mongo, document)
        changes["name"] = _unlike(keys, changes["name"])
        changes["name_key"] = name_key(changes["name"])
        slug = slug_of(changes["name"], "product")
        changes["slug"] = f"{slug}-{document['_id']}" if slug in slugs else slug
        keys.add(changes["name_key"])
        slugs.add(changes["slug"])
        await mongo.db.products.update_one({"_id": document["_id"], "version": {"$exists": False}}, {"$set": changes})


def _unlike(keys: Set[str], name: str) -> str:
    """The name, or `name (2)` and so on where its key is taken."""
    candidates = chain([name], (f"{name} ({count})" for count in count_from(2)))
    return next(candidate for candidate in candidates if name_key(candidate) not in keys)


async def _converted(mongo: Mongo, document: Document) -> Document:
    price, quantity = _price(document.get("price")), _quantity(document.get("quantity"))
    if price is None or quantity is None:
        log.warning("a product without a usable price or quantity is sold out now", product=str(document["_id"]))
    return {
        "name": _text(document.get("name")) or f"product {document['_id']}",
        "description": _text(document.get("description")),
        "price": price or Decimal(0),
        "quantity": 0 if price is None or quantity is None else quantity,
        "categories": [await _category(mongo, c) for c in document.get("categories") or []],
        "version": 1,
        "outbox": outbox.entry(0),
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _quantity(value: Any) -> int | None:
    usable = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_QUANTITY
    return value if usable else None


def _price(value: Any) -> Decimal | None:
    usable = isinstance(value, int | float | Decimal) and not isinstance(value, bool) and math.isfinite(value)
    if not usable or not 0 <= value <= MAX_PRICE:
        return None
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)


async def _category(mongo: Mongo, category: Any) -> ObjectId:
    if isinstance(category, ObjectId):
        return category
    if ObjectId.is_valid(category):
        return ObjectId(category)
    name = str(category).strip().lower()
    # Two replicas that start at once make the same category.
    made = ObjectId(hashlib.sha256(name_key(name).encode()).digest()[:12])
    found = await mongo.db.categories.find_one({"name_key": name_key(name)})
    if found is None:
        found = {"_id": made, "name": name, "name_key": name_key(name)}
        await mongo.db.categories.update_one({"_id": made}, {"$setOnInsert": found}, upsert=True)
    key: ObjectId = found["_id"]
    return key
