"""Queries on `orders`."""

from collections.abc import Mapping, Sequence
from typing import Literal

from bson import ObjectId
from pymongo import DESCENDING, UpdateMany
from pymongo.errors import BulkWriteError
from shop_kit import outbox
from shop_kit.batching import Batcher
from shop_kit.inserting import duplicates
from shop_kit.mongo import Document, Mongo

from orders.models import Lacking, Line, Order

MOST = 1000
"""How many orders one answer lists at the most."""


Answer = tuple[Literal["ACCEPTED", "REJECTED"], Lacking | None]
"""A final status and, of a rejection, the reason if it is known."""


class Orders:
    def __init__(self, mongo: Mongo):
        self._orders = mongo.db.orders
        self._insert: Batcher[Document, bool] = Batcher(self._insert_many)

    async def add(self, order: Order, idempotency_key: str | None) -> bool:
        """Store a new order with its outbox entry. False if the client used the key before: then nothing is stored.

        An order with this id is this order, stored by a write whose answer was lost and that the driver repeated.
        """
        document: Document = {
            "_id": order.id,
            "client_email": order.client_email,
            "status": order.status,
            "cost": order.cost,
            "products": [{"name": x.name, "price": x.price, "quantity": x.quantity} for x in order.lines],
            "created_at": order.created_at,
            "outbox": outbox.entry(),
        }
        if idempotency_key is not None:
            document["idempotency_key"] = _scoped(order.client_email, idempotency_key)
        return await self._insert(document)

    async def _insert_many(self, documents: Sequence[Document]) -> list[bool]:
        used_before: set[int] = set()
        try:
            await self._orders.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            used_before = {failure["index"] for failure in duplicates(error) if "_id" not in failure["keyPattern"]}
        return [index not in used_before for index in range(len(documents))]

    async def lacking(self, ids: Sequence[ObjectId]) -> set[ObjectId]:
        """Those of `ids` that no order has."""
        found = self._orders.find({"_id": {"$in": list(ids)}}, {"_id": 1})
        return set(ids) - {document["_id"] async for document in found}

    async def by_key(self, client_email: str, idempotency_key: str) -> Order | None:
        """The order that was placed with the client's key."""
        document = await self._orders.find_one({"idempotency_key": _scoped(client_email, idempotency_key)})
        return order(document) if document else None

    async def of_client(self, client_email: str) -> list[Order]:
        """The client's own, newest first, at most 1000."""
        found = self._orders.find({"client_email": client_email}).sort(
            [("created_at", DESCENDING), ("_id", DESCENDING)]
        )
        return [order(d) async for d in found.limit(MOST)]

    async def get(self, order_id: ObjectId, client_email: str) -> Order | None:
        document = await self._orders.find_one({"_id": order_id, "client_email": client_email})
        return order(document) if document else None

    async def settle(self, answers: Mapping[Answer, Sequence[ObjectId]]) -> None:
        """Give those that are still PENDING their answer, and stop asking. A final status never changes, nor does its
        reason."""
        await self._orders.bulk_write(
            [
                UpdateMany(
                    {"_id": {"$in": list(ids)}, "status": "PENDING"},
                    {"$set": {"status": status, **_reason(lacking)}, "$unset": {"outbox": ""}},
                )
                for (status, lacking), ids in answers.items()
            ],
            ordered=False,
        )


def _scoped(client_email: str, idempotency_key: str) -> str:
    return f"{client_email}\n{idempotency_key}"


def order(d: Document) -> Order:
    """The order in a document."""
    return Order(
        d["_id"],
        d["client_email"],
        d["status"],
        d["cost"],
        tuple(Line(x["name"], x["price"], x["quantity"]) for x in d["products"]),
        d["created_at"],
        Lacking(d["lacking"]["name"], d["lacking"]["left"]) if "lacking" in d else None,
    )


def _reason(lacking: Lacking | None) -> Document:
    return {"lacking": {"name": lacking.product, "left": lacking.left}} if lacking else {}
