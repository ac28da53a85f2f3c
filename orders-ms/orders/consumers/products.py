"""What products-ms tells comes in: decisions settle orders, snapshots keep the copy."""

from collections.abc import Sequence

import structlog
from bson import ObjectId
from shop_events import Event, OrderStatusUpdate, ProductCreate, ProductsQuantityUpdate
from shop_kit.kafka import Delivery

from orders.models import ProductCopy
from orders.repositories.copies import Copies, newest
from orders.repositories.orders import Orders

log = structlog.get_logger()


class ProductsConsumer:
    def __init__(self, orders: Orders, copies: Copies):
        self._orders = orders
        self._copies = copies

    async def handle(self, deliveries: Sequence[Delivery[Event]]) -> None:
        """Returns when all is stored; may be called again with the same events, in any order."""
        events = [d.event for d in deliveries]
        for status in ("ACCEPTED", "REJECTED"):
            ids = [
                ObjectId(event.order_id)
                for event in events
                if isinstance(event, OrderStatusUpdate) and event.status == status
            ]
            if ids:
                await self._orders.settle(ids, status)
        told = newest(copy for event in events for copy in snapshots(event))
        if told:
            await self._copies.keep(told)


def snapshots(event: Event) -> list[ProductCopy]:
    """The products an event tells of."""
    if isinstance(event, ProductCreate):
        told = [event.product]
    elif isinstance(event, ProductsQuantityUpdate):
        told = event.products
    else:
        told = []
    return [ProductCopy(ObjectId(p.id), p.name, p.price, p.quantity, p.version) for p in told]
