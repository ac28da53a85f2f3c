"""products-ms: the catalogue, the stock, and every decision about it."""

from fastapi import FastAPI
from shop_events import OrderCreate, OrderStatusUpdate, ProductCreate, ProductsQuantityUpdate, dead_letter_topic, topic
from shop_kit.identity import TokenVerifier
from shop_kit.kafka import Consumer, Publisher, Topic, TopicKeeper
from shop_kit.life import Life
from shop_kit.mongo import Mongo
from shop_kit.outage import install_outage_handler
from shop_kit.service import create_service
from shop_kit.settings import load
from shop_kit.tasks import every

from products.consumers.orders import OrdersConsumer
from products.controllers import categories, pictures, products
from products.repositories.categories import Categories
from products.repositories.due_products import DueProducts
from products.repositories.first_version import convert_first_version
from products.repositories.ledger import Ledger
from products.repositories.listings import Listings
from products.repositories.pictures import Pictures
from products.repositories.products import Products
from products.repositories.restocks import Restocks
from products.repositories.schema import ensure_schema
from products.repositories.start_data import add_start_data
from products.services.catalogue import Catalogue
from products.services.decisions import Decisions
from products.services.gallery import Gallery
from products.services.shelves import Shelves
from products.services.snapshots import FLUSH_SECONDS, Snapshots
from products.settings import Settings


def create_app() -> FastAPI:
    """The application, with its settings from the environment."""
    settings = load(Settings)
    prefix, group = settings.kafka_topic, settings.kafka_group
    questions = topic(prefix, OrderCreate)
    mongo = Mongo(settings, settings.instance)
    publisher = Publisher(settings)
    listings, known_categories = Listings(mongo), Categories(mongo)
    repository, due = Products(mongo), DueProducts(mongo, settings.product_lap_seconds)
    snapshots, gallery = Snapshots(publisher, due, prefix), Gallery(repository, Pictures(mongo))
    handler = OrdersConsumer(Decisions(mongo, Ledger(mongo), repository), publisher, snapshots, prefix)
    consumer = Consumer(settings, {questions: OrderCreate}, handler.handle, publisher)
    topics = [
        Topic(topic(prefix, ProductCreate), compacted=True),
        Topic(topic(prefix, ProductsQuantityUpdate), compacted=True),
        Topic(topic(prefix, OrderStatusUpdate)),
        Topic(dead_letter_topic(questions, group)),
    ]
    keeper = TopicKeeper(settings, topics, publisher, due.make_all_due)

    async def begin() -> None:
        await mongo.end_former_life()
        await convert_first_version(mongo)
        await ensure_schema(mongo)
        if settings.environment == "development":
            await add_start_data(mongo)
        await listings.add_missing()

    work = (
        consumer.run,
        keeper.run,
        every(FLUSH_SECONDS, "telling changed products", snapshots.flush),
        every(1, "the sweep of products", snapshots.sweep),
    )
    app = create_service(
        "products-ms",
        settings,
        [products.router, categories.router, pictures.router],
        Life(begin, work, close=(gallery.close, publisher.close, mongo.close)),
        ready=[mongo.check, consumer.check_began],
        whole=[keeper.check, consumer.check],
        alive=consumer.alive,
    )
    install_outage_handler(app)
    app.state.catalogue = Catalogue(mongo, repository, listings, known_categories, Restocks(mongo), snapshots)
    app.state.shelves = Shelves(repository, listings, known_categories)
    app.state.gallery = gallery
    app.state.verifier = TokenVerifier(settings)
    return app
