"""Replicas of orders-ms to race with each other: all of it but the doors, each with a connection of its own."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from aiokafka import ConsumerRecord
from orders.consumers.products import ProductsConsumer
from orders.models import Order
from orders.repositories.copies import Copies
from orders.repositories.due_orders import DueOrders
from orders.repositories.orders import Orders
from orders.services.ordering import Ordering
from orders.services.questions import Questions
from orders.settings import Settings
from orders_testing import ANN
from shop_events import Event, OrderStatusUpdate
from shop_kit.kafka import Delivery, Message, Publisher
from shop_kit.mongo import Document, Mongo


class Broker(Publisher):
    """Acks at once, and keeps what it was given."""

    def __init__(self, settings: Settings):
        super().__init__(settings)
        self.events: list[dict[str, Any]] = []

    async def publish(self, messages: Sequence[Message]) -> None:
        self.events += [json.loads(m.value or b"") for m in messages]

    @property
    def asked(self) -> list[str]:
        """The id of the order in every question."""
        return [event["order"]["id"] for event in self.events]


class Replica:
    def __init__(self, settings: Settings):
        self.mongo, self.broker = Mongo(settings, "tests"), Broker(settings)
        self.orders, self.copies, self.due = Orders(self.mongo), Copies(self.mongo), DueOrders(self.mongo)
        self.questions = Questions(self.broker, self.due, "shop")
        self.ordering = Ordering(self.orders, self.copies, self.questions)
        self._consumer = ProductsConsumer(self.orders, self.copies)

    async def tell(self, *events: Event) -> None:
        """Handle `events` as one chunk."""
        record = ConsumerRecord("", 0, 0, 0, 0, None, None, 0, 0, 0, ())
        await self._consumer.handle([Delivery(event, record) for event in events])

    async def settle(self, order: Order, status: str) -> None:
        await self.tell(OrderStatusUpdate.model_validate({"order_id": str(order.id), "status": status}))

    async def place(self, *lines: tuple[str, int], key: str | None = None) -> Order:
        return await self.ordering.place(ANN, lines, key)

    async def make_due(self) -> None:
        """The delays are over."""
        past = datetime(2020, 1, 1, tzinfo=UTC)
        await self.mongo.db.orders.update_many({"outbox": {"$exists": True}}, {"$set": {"outbox.due": past}})

    async def stored(self) -> list[Document]:
        return await self.mongo.db.orders.find().sort("_id").to_list()
