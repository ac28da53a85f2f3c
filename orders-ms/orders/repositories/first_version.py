"""Converts a database of the shop's first version: float prices and costs, no versions, no outbox.

Runs at every start and touches only what is not converted yet, so a crash half way does no harm.
"""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shop_kit import outbox
from shop_kit.money import CENT
from shop_kit.mongo import Document, Mongo
from shop_kit.names import name_key

HIGHEST = 10**15
"""What is not an amount from zero to this becomes zero, so that one bad row does not stop the service."""


async def convert_first_version(mongo: Mongo) -> None:
    """Money becomes decimal; the copy gets version 0, which any snapshot replaces; what is PENDING is asked again."""
    async for order in mongo.db.orders.find({"cost": {"$not": {"$type": "decimal"}}}):
        await mongo.db.orders.update_one({"_id": order["_id"]}, {"$set": _order(order)})
    async for product in mongo.db.products.find({"version": {"$exists": False}}):
        await mongo.db.products.update_one({"_id": product["_id"]}, {"$set": _copy(product)})


def _order(d: Document) -> Document:
    lines = [
        {"name": x["name"], "price": _decimal(x.get("price")), "quantity": int(x["quantity"])} for x in d["products"]
    ]
    # An order of the first version has no time but the one in its id, which the start data put into the future.
    created = min(d["_id"].generation_time, datetime.now(UTC))
    changes: Document = {"cost": _decimal(d.get("cost")), "products": lines, "created_at": created}
    if d["status"] != "PENDING":
        return changes
    # The first version took orders of no pieces and less, which nobody can decide.
    askable = bool(lines) and all(line["quantity"] >= 1 for line in lines)
    return {**changes, "outbox": outbox.entry(0)} if askable else {**changes, "status": "REJECTED"}


def _copy(d: Document) -> Document:
    return {
        "name_key": name_key(d["name"]),
        "price": _decimal(d.get("price")),
        "quantity": max(int(d.get("quantity", 0)), 0),
        "version": 0,
    }


def _decimal(amount: Any) -> Decimal:
    usable = isinstance(amount, int | float | Decimal) and 0 <= amount < HIGHEST
    return Decimal(str(amount)).quantize(CENT, ROUND_HALF_UP) if usable else Decimal(0)
