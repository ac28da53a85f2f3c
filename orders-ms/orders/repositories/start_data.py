"""The development data: the orders of the demo accounts. Never added in production."""

from datetime import UTC, datetime
from decimal import Decimal

from bson import ObjectId
from shop_kit.mongo import Document, Mongo

_ORDERS: list[tuple[str, str, str, str, list[tuple[str, str, int]]]] = [
    ("71", "aaa@aaa.com", "ACCEPTED", "83.94", [("cutlery", "5.99", 4), ("chair", "29.99", 2)]),
    ("72", "bbb@bbb.com", "ACCEPTED", "1299.99", [("laptop", "1299.99", 1)]),
    ("73", "ccc@ccc.com", "REJECTED", "699.93", [("headphones", "99.99", 7)]),
]


async def add_start_data(mongo: Mongo) -> None:
    """Fill an empty database; one that has orders is left as it is."""
    if await mongo.db.orders.find_one({}) is None:
        await mongo.db.orders.insert_many([_document(*order) for order in _ORDERS])


def _document(number: str, email: str, status: str, cost: str, lines: list[tuple[str, str, int]]) -> Document:
    return {
        "_id": ObjectId(f"{number}fefe4a1cad4140785928a4"),
        "client_email": email,
        "status": status,
        "cost": Decimal(cost),
        "products": [{"name": name, "price": Decimal(price), "quantity": count} for name, price, count in lines],
        "created_at": datetime.now(UTC),
    }
