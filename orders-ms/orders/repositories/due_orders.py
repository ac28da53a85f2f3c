"""The outbox fields of `orders`: an order that is PENDING is due to be asked again, until it is decided."""

from shop_kit.mongo import Mongo
from shop_kit.outbox import Outbox

from orders.models import Order
from orders.repositories.orders import order


class DueOrders:
    def __init__(self, mongo: Mongo):
        self._outbox = Outbox(mongo.db.orders)

    async def claim(self, limit: int) -> list[Order]:
        """Up to `limit` orders that are due, claimed by this caller, due again after a doubling delay."""
        return [order(d) for d in await self._outbox.claim(limit)]

    async def make_all_due(self) -> None:
        await self._outbox.make_all_due({"outbox.due": {"$exists": True}})
