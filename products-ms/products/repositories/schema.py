"""Indexes and validators of products-db: the last line of defence, in the database itself."""

from typing import Any

from pymongo import ASCENDING
from shop_kit.mongo import Mongo
from shop_kit.outbox import Outbox

from products.models import MAX_QUANTITY
from products.repositories.listings import Listings

SIZE = {
    "bsonType": "object",
    "required": ["width", "height", "picture"],
    "properties": {
        "width": {"bsonType": ["int", "long"], "minimum": 1},
        "height": {"bsonType": ["int", "long"], "minimum": 1},
        "picture": {"bsonType": "string"},
    },
}

VALIDATORS: dict[str, dict[str, Any]] = {
    "products": {
        "bsonType": "object",
        "required": ["name", "name_key", "slug", "description", "price", "quantity", "categories", "version"],
        "properties": {
            "name": {"bsonType": "string"},
            "price": {"bsonType": "decimal"},
            "quantity": {"bsonType": ["int", "long"], "minimum": 0, "maximum": MAX_QUANTITY},
            "version": {"bsonType": ["int", "long"], "minimum": 1},
            "categories": {"bsonType": "array", "items": {"bsonType": "objectId"}},
            "picture": {
                "bsonType": "object",
                "required": ["sizes"],
                "properties": {"sizes": {"bsonType": "array", "minItems": 1, "items": SIZE}},
            },
        },
    },
    "orders": {
        "bsonType": "object",
        "required": ["status"],
        "properties": {"status": {"enum": ["ACCEPTED", "REJECTED"]}},
    },
    "categories": {"bsonType": "object", "required": ["name", "name_key"]},
    "listings": {"bsonType": "object", "required": ["found_by", "age", "price", "name"]},
    "restocks": {"bsonType": "object", "required": ["slug", "delta"]},
    "pictures": {
        "bsonType": "object",
        "required": ["_id", "data"],
        "properties": {"_id": {"bsonType": "string", "pattern": "^[0-9a-f]{32}$"}, "data": {"bsonType": "binData"}},
    },
}


async def ensure_schema(mongo: Mongo) -> None:
    """Make what is missing; does nothing the second time."""
    await mongo.ensure_collections(VALIDATORS)
    await mongo.db.products.create_index([("name_key", ASCENDING)], unique=True)
    await mongo.db.products.create_index([("slug", ASCENDING)], unique=True)
    await mongo.db.categories.create_index([("name_key", ASCENDING)], unique=True)
    await Listings(mongo).ensure_indexes()
    await Outbox(mongo.db.products).ensure_index()
