"""What products-ms tells comes in: decisions settle orders, snapshots keep the copy."""

from collections import defaultdict
from collections.abc import Sequence

import structlog
from bson import ObjectId
from shop_events import Event, OrderCreate, OrderStatusUpdate, ProductCreate, ProductsQuantityUpdate
from shop_kit.kafka import Delivery

from orders.models import Lacking, Line, Order, ProductCopy
from orders.repositories.copies import Copies, newest
from orders.repositories.orders import Answer, Orders

log = structlog.get_logger()


class ProductsConsumer:
    def __init__(self, orders: Orders, copies: Copies):
        self._orders = orders
        self._copies = copies

    async def handle(self, deliveries: Sequence[Delivery[Event]]) -> None:
        """Returns when all is stored; may be called again with the same events, in any order."""
        events = [d.event for d in deliveries]
        answers: defaultdict[Answer, list[ObjectId]] = defaultdict(list)
        for event in events:
            if isinstance(event, OrderStatusUpdate):
                answers[answer(event)].append(ObjectId(event.order_id))
        if answers:
            await self._orders.settle(answers)
        told = newest(copy for event in events for copy in snapshots(event))
        if told:
            await self._copies.keep(told)


def answer(event: OrderStatusUpdate) -> Answer:
    """What the event says of its order."""
    return event.status, Lacking(event.lacking.name, event.lacking.left) if event.lacking else None


def snapshots(event: Event) -> list[ProductCopy]:
    """The products an event tells of."""
    if isinstance(event, ProductCreate):
        told = [event.product]
    elif isinstance(event, ProductsQuantityUpdate):
        told = event.products
    else:
        told = []
    return [ProductCopy(ObjectId(p.id), p.name, p.price, p.quantity, p.version) for p in told]


def placed(event: OrderCreate) -> Order:
    """The order that was asked about. Its id tells the second in which it was placed."""
    order, key = event.order, ObjectId(event.order.id)
    lines = tuple(Line(line.name, line.price, line.quantity) for line in order.products)
    return Order(key, order.client_email, "PENDING", order.cost, lines, key.generation_time)
