"""The outbox fields of `products`."""

from collections.abc import Sequence

from shop_kit.mongo import Mongo
from shop_kit.outbox import Outbox

from products.models import Product
from products.repositories.products import product


class DueProducts:
    """`lap_seconds` is how long a product that was told rests until it is told again."""

    def __init__(self, mongo: Mongo, lap_seconds: float):
        self._outbox = Outbox(mongo.db.products, lap_seconds)

    async def claim(self, limit: int) -> list[Product]:
        """Up to `limit` products that are due, claimed by this caller."""
        return [product(d) for d in await self._outbox.claim(limit)]

    async def put_off(self, published: Sequence[Product]) -> None:
        """Those of `published` that have not changed since are due again after about a lap."""
        await self._outbox.put_off([(p.id, p.version, p.claim) for p in published])

    async def make_all_due(self) -> None:
        await self._outbox.make_all_due({})
