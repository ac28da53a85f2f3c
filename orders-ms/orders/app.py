"""orders-ms: places orders, asks for their decision, and keeps a copy of the products."""

from functools import partial

from fastapi import FastAPI
from shop_events import (
    Event,
    OrderCreate,
    OrderStatusUpdate,
    ProductCreate,
    ProductsQuantityUpdate,
    dead_letter_topic,
    topic,
)
from shop_kit.identity import TokenVerifier
from shop_kit.kafka import Consumer, Publisher, Topic, TopicKeeper
from shop_kit.life import Life
from shop_kit.mongo import Mongo
from shop_kit.outage import install_outage_handler
from shop_kit.service import create_service
from shop_kit.settings import load
from shop_kit.tasks import every

from orders.consumers.products import ProductsConsumer
from orders.controllers import events, orders
from orders.errors import BadRequestFormatError
from orders.repositories.changes import OrderChanges
from orders.repositories.copies import Copies
from orders.repositories.due_orders import DueOrders
from orders.repositories.first_version import convert_first_version
from orders.repositories.orders import Orders
from orders.repositories.schema import ensure_schema
from orders.repositories.start_data import add_start_data
from orders.services.news import News
from orders.services.ordering import Ordering
from orders.services.questions import Questions
from orders.settings import Settings

TOLD: tuple[type[Event], ...] = (ProductCreate, ProductsQuantityUpdate, OrderStatusUpdate)


def create_app() -> FastAPI:
    """The application, with its settings from the environment."""
    settings = load(Settings)
    prefix, group = settings.kafka_topic, settings.kafka_group
    contracts = {topic(prefix, event): event for event in TOLD}
    mongo = Mongo(settings, settings.instance)
    publisher = Publisher(settings)
    repository, copies, due = Orders(mongo), Copies(mongo), DueOrders(mongo)
    questions = Questions(publisher, due, prefix)
    changes, news = OrderChanges(mongo), News()
    consumer = Consumer(settings, contracts, ProductsConsumer(repository, copies).handle, publisher)
    topics = [Topic(topic(prefix, OrderCreate)), *(Topic(dead_letter_topic(name, group)) for name in contracts)]
    keeper = TopicKeeper(settings, topics, publisher, due.make_all_due)

    async def begin() -> None:
        await mongo.end_former_life()
        await convert_first_version(mongo)
        await ensure_schema(mongo)
        if settings.environment == "development":
            await add_start_data(mongo)

    app = create_service(
        "orders-ms",
        settings,
        [events.router, orders.router],
        Life(
            begin,
            work=(
                consumer.run,
                keeper.run,
                every(1, "the sweep of orders", questions.sweep),
                partial(changes.follow, news.anew, news.changed),
            ),
            close=(questions.close, publisher.close, mongo.close),
            leave=news.end,
        ),
        ready=[mongo.check, consumer.check_began],
        whole=[keeper.check, consumer.check],
        alive=consumer.alive,
        malformed=BadRequestFormatError,
    )
    install_outage_handler(app)
    app.state.ordering = Ordering(repository, copies, questions)
    app.state.news = news
    app.state.verifier = TokenVerifier(settings)
    return app
