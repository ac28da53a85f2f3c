"""Queries on `orders`, the ledger: one row for each order decided, written in the transaction that takes the stock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from bson import ObjectId
from pymongo.errors import BulkWriteError
from shop_kit.inserting import DUPLICATE_KEY
from shop_kit.mongo import ConflictError, Document, Mongo, Session

from products.models import Decision, Lacking, Order


class Ledger:
    def __init__(self, mongo: Mongo):
        self._ledger = mongo.db.orders

    async def decided(self, orders: Iterable[Order], session: Session) -> dict[ObjectId, Decision]:
        """What was decided about those of `orders` that are."""
        asked = {order.id: order for order in orders}
        rows = self._ledger.find({"_id": {"$in": list(asked)}}, session=session)
        return {row["_id"]: Decision(asked[row["_id"]], row["status"], _lacking(row)) async for row in rows}

    async def lacking(self, ids: Sequence[ObjectId]) -> set[ObjectId]:
        """Those of `ids` that have no row."""
        rows = self._ledger.find({"_id": {"$in": list(ids)}}, {"_id": 1})
        return set(ids) - {row["_id"] async for row in rows}

    async def add(self, decisions: Sequence[Decision], versions: Mapping[str, int], session: Session) -> None:
        """Raises ConflictError if one of the orders was decided by another meanwhile.

        `versions` has those of the products that were decided about, by name key: a rejection keeps the one it saw, 0
        for a product that does not exist, or where that is not known.
        """
        now = datetime.now(UTC)
        rows = [
            {
                "_id": decision.order.id,
                "status": decision.status,
                "products": [{"name": line.product, "quantity": line.quantity} for line in decision.order.lines],
                "decided_at": now,
                **_reason(decision, versions),
            }
            for decision in decisions
        ]
        if not rows:
            return
        try:
            await self._ledger.insert_many(rows, session=session)
        except BulkWriteError as error:
            if any(e.get("code") == DUPLICATE_KEY for e in (error.details or {}).get("writeErrors", [])):
                raise ConflictError from error
            raise


def _lacking(row: Document) -> Lacking | None:
    """None also for a rejection of the shop's first version, which kept no reason."""
    seen = row.get("lacking")
    return Lacking(seen["name"], seen["left"]) if seen else None


def _reason(decision: Decision, versions: Mapping[str, int]) -> Document:
    if (lacking := decision.lacking) is None:
        return {}
    seen = {"name": lacking.product, "left": lacking.left, "version": versions.get(lacking.product, 0)}
    return {"lacking": seen}
