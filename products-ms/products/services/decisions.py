"""Decides batches of orders: ledger, stock and versions change in one transaction, the answers follow its commit.

Whoever asks again is answered again, from the ledger. Tested by killing this service between commit and answer, by
events sent twice and by two replicas deciding the same order, in tests/.
"""

from collections.abc import Sequence

import structlog
from bson import ObjectId
from shop_kit.mongo import Mongo, Session

from products.domain.decide import decide
from products.models import Decision, Order, Product
from products.repositories.ledger import Ledger
from products.repositories.products import Products

log = structlog.get_logger()


class Decisions:
    def __init__(self, mongo: Mongo, ledger: Ledger, products: Products):
        self._mongo = mongo
        self._ledger = ledger
        self._products = products

    async def decide(self, orders: Sequence[Order]) -> tuple[list[Decision], list[Product]]:
        """What is decided about each order, now or before, and the products that changed."""
        async with self._products.turn:
            known, new, changed = await self._mongo.transact(lambda session: self._decide(orders, session))
        for decision in new:
            log.info("order decided", order_id=str(decision.order.id), status=decision.status)
        return [known[o.id] for o in orders], changed

    async def _decide(
        self, orders: Sequence[Order], session: Session
    ) -> tuple[dict[ObjectId, Decision], Sequence[Decision], list[Product]]:
        known = await self._ledger.decided(orders, session)
        open_orders = [o for o in orders if o.id not in known]
        names = {line.product for o in open_orders for line in o.lines}
        stock = await self._products.with_keys(names, session) if names else {}
        outcome = decide(open_orders, known, {name: p.quantity for name, p in stock.items()})
        changed = await self._products.take(stock, outcome.taken, session)
        await self._ledger.add(outcome.decisions, {name: p.version for name, p in stock.items()}, session)
        known.update({d.order.id: d for d in outcome.decisions})
        return known, outcome.decisions, changed
