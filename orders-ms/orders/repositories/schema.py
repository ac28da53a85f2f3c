"""Indexes and validators of orders-db: the last line of defence, in the database itself."""

from typing import Any

from pymongo import ASCENDING, DESCENDING
from shop_kit.mongo import Mongo
from shop_kit.outbox import Outbox

VALIDATORS: dict[str, dict[str, Any]] = {
    "orders": {
        "bsonType": "object",
        "required": ["client_email", "status", "cost", "products"],
        "properties": {
            "client_email": {"bsonType": "string"},
            "status": {"enum": ["PENDING", "ACCEPTED", "REJECTED"]},
            "cost": {"bsonType": "decimal"},
            "products": {"bsonType": "array", "minItems": 1},
            "lacking": {"bsonType": "object", "required": ["name", "left"]},
        },
    },
    "products": {
        "bsonType": "object",
        "required": ["name", "name_key", "price", "quantity", "version"],
        "properties": {
            "price": {"bsonType": "decimal"},
            "quantity": {"bsonType": ["int", "long"], "minimum": 0},
            "version": {"bsonType": ["int", "long"], "minimum": 0},
        },
    },
}


async def ensure_schema(mongo: Mongo) -> None:
    """Make what is missing; does nothing the second time."""
    await mongo.ensure_collections(VALIDATORS)
    await mongo.db.orders.create_index([("client_email", ASCENDING), ("created_at", DESCENDING), ("_id", DESCENDING)])
    await mongo.db.orders.create_index([("idempotency_key", ASCENDING)], unique=True, sparse=True)
    await mongo.db.products.create_index([("name_key", ASCENDING)])
    await Outbox(mongo.db.orders).ensure_index()
