"""After products-db was restored from a backup: what was told since is entered again, as it was told.

A decision that a customer may have seen is not taken anew, since another stock could decide otherwise.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from bson import ObjectId
from shop_kit.mongo import Mongo, Session

from products.models import Decision
from products.repositories.ledger import Ledger
from products.repositories.products import Products


class Recovery:
    def __init__(self, mongo: Mongo, ledger: Ledger, products: Products):
        self._mongo = mongo
        self._ledger = ledger
        self._products = products

    async def enter(self, told: Sequence[Decision]) -> int:
        """Add the rows that the ledger lacks, and take what they took; returns how many they were.

        Where less is left than they took, which is so if it was restocked since the backup, all of that is taken.
        """
        return await self._mongo.transact(lambda session: self._enter(told, session))

    async def _enter(self, told: Sequence[Decision], session: Session) -> int:
        known = await self._ledger.decided([decision.order for decision in told], session)
        lost = [decision for decision in told if decision.order.id not in known]
        sold: Counter[str] = Counter()
        for decision in lost:
            if decision.status == "ACCEPTED":
                for line in decision.order.lines:
                    sold[line.product] += line.quantity
        stock = await self._products.with_keys(sold, session)
        await self._products.take(stock, {key: min(sold[key], p.quantity) for key, p in stock.items()}, session)
        await self._ledger.add(lost, {}, session)
        return len(lost)

    async def outbid(self, told: Mapping[ObjectId, int]) -> None:
        """Have every product be told again, with a version above the one it was `told` with: readers keep no lower."""
        await self._products.raise_versions(told)
