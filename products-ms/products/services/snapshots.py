"""Tells the readers of products what a product is now. Once acked, a product is told again only after a lap.

A flush is the fast path: at once after a quiet moment, then at most about twice a second, so that a busy product costs
no more than an idle one. Whatever it loses, the sweep finds due and sends.
"""

import asyncio
from collections.abc import Iterable, Sequence

from bson import ObjectId
from shop_events import Event, ProductCreate, ProductSnapshot, ProductsQuantityUpdate, topic
from shop_kit.kafka import Message, Publisher
from shop_kit.tracing import traceparent

from products.models import Product
from products.repositories.due_products import DueProducts

FLUSH_SECONDS = 0.5


class Snapshots:
    def __init__(self, publisher: Publisher, due: DueProducts, prefix: str):
        self._publisher = publisher
        self._due = due
        self._prefix = prefix
        self._changed: dict[ObjectId, Product] = {}
        self._told = asyncio.Event()

    async def publish(self, products: Sequence[Product]) -> None:
        """Send a snapshot of each and, when all are acked, put them off until the next lap."""
        if not products:
            return
        events = [snapshot(p) for p in products]
        await self._publisher.publish(
            [
                Message(
                    topic(self._prefix, type(e)),
                    e.key.encode(),
                    e.model_dump_json().encode(),
                    (("traceparent", traceparent()),),
                )
                for e in events
            ]
        )
        await self._due.put_off(products)

    def tell_soon(self, products: Iterable[Product]) -> None:
        """Have the next flush send these. Only the newest version of each is sent: the others would change nothing."""
        for p in products:
            if p.id not in self._changed or self._changed[p.id].version < p.version:
                self._changed[p.id] = p
                self._told.set()

    async def flush(self) -> None:
        """Wait for a change, and send all that changed. What this can't send stays due, and the sweep sends it."""
        await self._told.wait()
        self._told.clear()
        changed, self._changed = self._changed, {}
        await self.publish(list(changed.values()))

    async def sweep(self) -> None:
        """Send what is due."""
        while due := await self._due.claim(100):
            await self.publish(due)


def snapshot(p: Product) -> Event:
    """ProductCreate for a product's first version, ProductsQuantityUpdate for every later one."""
    state = ProductSnapshot(id=str(p.id), name=p.name, price=p.price, quantity=p.quantity, version=p.version)
    return ProductCreate(product=state) if p.version == 1 else ProductsQuantityUpdate(products=[state])
