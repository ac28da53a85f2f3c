"""Replicas of products-ms to race with each other: all of it but the doors, each with a connection of its own."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from aiokafka import ConsumerRecord
from products.consumers.orders import OrdersConsumer
from products.models import Order
from products.repositories.categories import Categories
from products.repositories.due_products import DueProducts
from products.repositories.ledger import Ledger
from products.repositories.listings import Listings
from products.repositories.pictures import Pictures
from products.repositories.products import Products
from products.repositories.restocks import Restocks
from products.services.catalogue import Catalogue
from products.services.decisions import Decisions
from products.services.gallery import Gallery
from products.services.snapshots import Snapshots
from products.settings import Settings
from shop_events import OrderCreate, OrderedLine, PlacedOrder
from shop_kit.kafka import Delivery, Message, Publisher
from shop_kit.mongo import Mongo

LAP = 3600


class Broker(Publisher):
    """Acks at once, and keeps what it was given."""

    def __init__(self, settings: Settings):
        super().__init__(settings)
        self.events: list[dict[str, Any]] = []

    async def publish(self, messages: Sequence[Message]) -> None:
        self.events += [json.loads(m.value or b"") for m in messages]

    @property
    def told(self) -> list[tuple[int, int]]:
        """(version, quantity) of every snapshot."""
        states = [e.get("product") or e["products"][0] for e in self.events if e["type"].startswith("Product")]
        return [(state["version"], state["quantity"]) for state in states]


class Replica:
    def __init__(self, settings: Settings):
        self.mongo, self.broker = Mongo(settings, "tests"), Broker(settings)
        self.products, self.ledger, self.restocks = Products(self.mongo), Ledger(self.mongo), Restocks(self.mongo)
        self.listings = Listings(self.mongo)
        self.categories, self.due = Categories(self.mongo), DueProducts(self.mongo, LAP)
        self.snapshots = Snapshots(self.broker, self.due, "shop")
        self.catalogue = Catalogue(
            self.mongo, self.products, self.listings, self.categories, self.restocks, self.snapshots
        )
        self.pictures = Pictures(self.mongo)
        self.gallery = Gallery(self.products, self.pictures)
        decisions = Decisions(self.mongo, self.ledger, self.products)
        self._consumer = OrdersConsumer(decisions, self.broker, self.snapshots, "shop")

    async def ask(self, *orders: Order) -> list[str]:
        """The statuses that are published in answer to one chunk of OrderCreate."""
        before = len(self.broker.events)
        await self._consumer.handle([Delivery(_question(order), _RECORD) for order in orders])
        answers = self.broker.events[before:]
        assert [answer["order_id"] for answer in answers] == [str(order.id) for order in orders]
        return [answer["status"] for answer in answers]

    async def restock(self, slug: str, delta: int, key: str | None = None) -> int:
        """The quantity that is answered."""
        return (await self.catalogue.restock(slug, delta, key)).quantity


_RECORD = ConsumerRecord("", 0, 0, 0, 0, None, None, 0, 0, 0, ())


def _question(order: Order) -> OrderCreate:
    lines = [OrderedLine(name=line.product, price=Decimal(1), quantity=line.quantity) for line in order.lines]
    return OrderCreate(order=PlacedOrder(id=str(order.id), client_email="a@b.de", cost=Decimal(1), products=lines))
