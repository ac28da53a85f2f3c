"""Replicas of orders-ms and products-ms in one process, on real databases; the test carries their events by hand."""

import secrets
from collections.abc import Sequence

from aiokafka import ConsumerRecord
from orders.app import TOLD
from orders.consumers.products import ProductsConsumer
from orders.repositories.copies import Copies
from orders.repositories.due_orders import DueOrders
from orders.repositories.orders import Orders
from orders.repositories.schema import ensure_schema as ensure_orders_schema
from orders.services.ordering import Ordering
from orders.services.questions import Questions
from products.consumers.orders import OrdersConsumer
from products.repositories.categories import Categories
from products.repositories.due_products import DueProducts
from products.repositories.ledger import Ledger
from products.repositories.listings import Listings
from products.repositories.products import Products
from products.repositories.restocks import Restocks
from products.repositories.schema import ensure_schema as ensure_products_schema
from products.services.catalogue import Catalogue
from products.services.decisions import Decisions
from products.services.snapshots import Snapshots
from pydantic import SecretStr
from shop_events import OrderCreate, topic
from shop_kit.kafka import Message, Publisher
from shop_kit.kafka.delivery import decode
from shop_kit.mongo import Mongo
from shop_kit.settings import KafkaSettings, MongoSettings

PREFIX = "shop"


class Post(Publisher):
    """Acks at once. What was sent lies here until it is collected, and is carried as often as the test likes."""

    def __init__(self) -> None:
        super().__init__(KafkaSettings(kafka_group="tests"))
        self._sent: list[Message] = []

    async def publish(self, messages: Sequence[Message]) -> None:
        self._sent += messages

    def collect(self) -> list[Message]:
        collected, self._sent = self._sent, []
        return collected


class OrdersReplica:
    def __init__(self, settings: MongoSettings):
        self.mongo, self.post = Mongo(settings, "tests"), Post()
        self.orders, self.copies = Orders(self.mongo), Copies(self.mongo)
        self.questions = Questions(self.post, DueOrders(self.mongo), PREFIX)
        self.ordering = Ordering(self.orders, self.copies, self.questions)
        self._consumer = ProductsConsumer(self.orders, self.copies)

    async def receive(self, messages: Sequence[Message]) -> None:
        contracts = {topic(PREFIX, event): event for event in TOLD}
        await self._consumer.handle([decode(_record(message), contracts) for message in messages])


class ProductsReplica:
    def __init__(self, settings: MongoSettings):
        self.mongo, self.post = Mongo(settings, "tests"), Post()
        self.products, self.ledger = Products(self.mongo), Ledger(self.mongo)
        self.snapshots = Snapshots(self.post, DueProducts(self.mongo, 3600), PREFIX)
        self.catalogue = Catalogue(
            self.mongo,
            self.products,
            Listings(self.mongo),
            Categories(self.mongo),
            Restocks(self.mongo),
            self.snapshots,
        )
        decisions = Decisions(self.mongo, self.ledger, self.products)
        self._consumer = OrdersConsumer(decisions, self.post, self.snapshots, PREFIX)

    async def receive(self, messages: Sequence[Message]) -> None:
        contracts = {topic(PREFIX, OrderCreate): OrderCreate}
        await self._consumer.handle([decode(_record(message), contracts) for message in messages])


class TwoOfEach:
    """Two replicas of each service, on databases that are made by `begin` and dropped by `end`."""

    def __init__(self, mongo_uri: str):
        self._names = [f"races_{service}_{secrets.token_hex(4)}" for service in ("orders", "products")]
        orders, products = (MongoSettings(mongodb_uri=SecretStr(mongo_uri), db_name=name) for name in self._names)
        self.orders = (OrdersReplica(orders), OrdersReplica(orders))
        self.products = (ProductsReplica(products), ProductsReplica(products))

    async def begin(self) -> None:
        await ensure_orders_schema(self.orders[0].mongo)
        await ensure_products_schema(self.products[0].mongo)

    async def end(self) -> None:
        for service in (self.orders, self.products):
            await service[0].mongo.db.client.drop_database(service[0].mongo.db.name)
        for replica in (*self.orders, *self.products):
            await replica.mongo.close()


def _record(m: Message) -> ConsumerRecord:
    return ConsumerRecord(m.topic, 0, 0, 0, 0, m.key, m.value, 0, 0, 0, m.headers)
