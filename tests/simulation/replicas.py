"""The services of the simulation: their own parts, put together as their `app.py` does, without HTTP.

Sweeps and keepers' looks begin when the simulation says so; consumers and flushes run all the time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import cache
from typing import Any

from orders.app import TOLD
from orders.consumers.products import ProductsConsumer
from orders.repositories.copies import Copies
from orders.repositories.due_orders import DueOrders
from orders.repositories.orders import Orders
from orders.services.ordering import Ordering
from orders.services.questions import Questions
from products.consumers.orders import OrdersConsumer
from products.repositories.categories import Categories
from products.repositories.due_products import DueProducts
from products.repositories.ledger import Ledger
from products.repositories.listings import Listings
from products.repositories.products import Products
from products.repositories.restocks import Restocks
from products.services.catalogue import Catalogue
from products.services.decisions import Decisions
from products.services.snapshots import FLUSH_SECONDS, Snapshots
from pydantic import SecretStr
from shop_events import OrderCreate, OrderStatusUpdate, ProductCreate, ProductsQuantityUpdate, dead_letter_topic, topic
from shop_kit.kafka import Consumer, Publisher, Topic, TopicKeeper
from shop_kit.mongo import Mongo
from shop_kit.settings import KafkaSettings, MongoSettings
from shop_kit.tasks import every
from shop_kit.transient import is_transient

from tests.simulation.kafka import SimulatedAdmin, SimulatedReader
from tests.simulation.world import Process, World

PREFIX = "shop"
PARTITIONS = 2
LAP_SECONDS = 3600.0
PRODUCT_TOPICS = (topic(PREFIX, ProductCreate), topic(PREFIX, ProductsQuantityUpdate))
QUESTIONS = topic(PREFIX, OrderCreate)
ANSWERS = topic(PREFIX, OrderStatusUpdate)
LETTERS = (
    dead_letter_topic(QUESTIONS, "products-ms"),
    *(dead_letter_topic(topic(PREFIX, event), "orders-ms") for event in TOLD),
)
ALL_TOPICS = (*PRODUCT_TOPICS, ANSWERS, QUESTIONS, *LETTERS)


@cache
def _settings(service: str) -> tuple[MongoSettings, KafkaSettings]:
    uri = SecretStr(f"mongodb://{service}:1")
    return MongoSettings(mongodb_uri=uri), KafkaSettings(kafka_group=service, kafka_partitions=PARTITIONS)


class Replica:
    """One life of a service's replica. `failures` are the errors of its work that waiting can't mend: bugs."""

    def __init__(self, world: World, service: str, name: str):
        self.service, self.name = service, name
        self.process: Process = world.process(name)
        self.failures: list[BaseException] = []
        self._going: dict[str, asyncio.Task[Any]] = {}
        self._look: Callable[[], Awaitable[None]]
        self._sweep: Callable[[], Coroutine[Any, Any, None]]
        # Inside the loop, so that each client knows whose it is.
        self.do(self._boot())

    async def _boot(self) -> None:
        host, kafka = _settings(self.service)
        keeper = self._assemble(Mongo(host, self.name), Publisher(kafka), kafka)
        admin, reader = SimulatedAdmin(), SimulatedReader()
        self._look = lambda: keeper.look(admin, reader)

    def _assemble(self, mongo: Mongo, publisher: Publisher, kafka: KafkaSettings) -> TopicKeeper:
        raise NotImplementedError

    def do(
        self, work: Coroutine[Any, Any, Any], done: Callable[[asyncio.Task[Any]], None] = lambda task: None
    ) -> asyncio.Task[Any]:
        """Begin `work`. What it fails with for want of a database or broker is nobody's fault."""

        def ended(task: asyncio.Task[Any]) -> None:
            if not task.cancelled() and (error := task.exception()) is not None and not is_transient(error):
                self.failures.append(error)
            done(task)

        return self.process.start(work, ended)

    def _once(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        async def run() -> None:
            await work()

        if what not in self._going or self._going[what].done():
            self._going[what] = self.do(run())

    def sweep(self) -> None:
        """Begin a sweep, unless one is going on."""
        self._once("sweep", self._sweep)

    def look(self) -> None:
        """Begin a keeper's look, unless one is going on."""
        self._once("look", self._look)

    def idle(self) -> bool:
        """No sweep or look is going on."""
        return all(task.done() for task in self._going.values())


class OrdersReplica(Replica):
    def _assemble(self, mongo: Mongo, publisher: Publisher, kafka: KafkaSettings) -> TopicKeeper:
        repository, copies, due = Orders(mongo), Copies(mongo), DueOrders(mongo)
        questions = Questions(publisher, due, PREFIX)
        contracts = {topic(PREFIX, event): event for event in TOLD}
        self.ordering = Ordering(repository, copies, questions)
        self._sweep = questions.sweep
        self.do(Consumer(kafka, contracts, ProductsConsumer(repository, copies).handle, publisher).run())

        async def make_all_due() -> None:
            self.process.world.made_due += 1
            await due.make_all_due()

        return TopicKeeper(kafka, [Topic(QUESTIONS), *map(Topic, LETTERS[1:])], publisher, make_all_due)

    def sweep(self) -> None:
        """With a wrong clock it may find everything due, or leave it so."""
        self.process.world.made_due += self.process.clock != 0
        super().sweep()


class ProductsReplica(Replica):
    def _assemble(self, mongo: Mongo, publisher: Publisher, kafka: KafkaSettings) -> TopicKeeper:
        repository, due = Products(mongo), DueProducts(mongo, LAP_SECONDS)
        snapshots = Snapshots(publisher, due, PREFIX)
        decisions = Decisions(mongo, Ledger(mongo), repository)
        handler = OrdersConsumer(decisions, publisher, snapshots, PREFIX)
        self.catalogue = Catalogue(mongo, repository, Listings(mongo), Categories(mongo), Restocks(mongo), snapshots)
        self._sweep = snapshots.sweep
        self.do(Consumer(kafka, {QUESTIONS: OrderCreate}, handler.handle, publisher).run())
        self.do(every(FLUSH_SECONDS, "telling changed products", snapshots.flush)())
        topics = [
            *(Topic(name, compacted=True) for name in PRODUCT_TOPICS),
            Topic(ANSWERS),
            Topic(LETTERS[0]),
        ]
        return TopicKeeper(kafka, topics, publisher, due.make_all_due)
