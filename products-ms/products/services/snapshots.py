"""Tells the readers of products what a product is now. Once acked, a product is told again only after a lap.

Publishing right after a commit is the fast path; whatever it loses, the sweep finds due and sends.
"""

from collections.abc import Sequence

from aiokafka.errors import KafkaError
from shop_events import Event, ProductCreate, ProductSnapshot, ProductsQuantityUpdate, topic
from shop_kit.kafka import Message, Publisher
from shop_kit.tracing import traceparent

from products.models import Product
from products.repositories.due_products import DueProducts


class Snapshots:
    def __init__(self, publisher: Publisher, due: DueProducts, prefix: str, lap_seconds: float):
        self._publisher = publisher
        self._due = due
        self._prefix = prefix
        self._lap = lap_seconds

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
        await self._due.put_off(products, self._lap)

    async def try_publish(self, products: Sequence[Product]) -> None:
        """As publish, where a broker that is down must not fail the caller: the sweep sends what this could not."""
        try:
            await self.publish(products)
        except (KafkaError, OSError):
            return

    async def sweep(self) -> None:
        """Send what is due."""
        while due := await self._due.claim(100):
            await self.publish(due)


def snapshot(p: Product) -> Event:
    """ProductCreate for a product's first version, ProductsQuantityUpdate for every later one."""
    state = ProductSnapshot(id=str(p.id), name=p.name, price=p.price, quantity=p.quantity, version=p.version)
    return ProductCreate(product=state) if p.version == 1 else ProductsQuantityUpdate(products=[state])
