"""products-ms on a real database and a real broker; each test has a database and topics of its own."""

import os
import secrets
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import hypothesis
import pymongo
import pytest
import pytest_asyncio

sys.path.append(str(Path(__file__).parent))
from products.repositories.schema import ensure_schema
from products.repositories.start_data import add_start_data
from products.settings import Settings
from products_racing import Replica
from products_testing import COLLECTIONS, SECRET, Shop, Store, running_shop
from shop_kit import life, tasks
from shop_kit.kafka import Publisher
from shop_kit.settings import load

# A busy machine is no failure.
hypothesis.settings.register_profile("shop", deadline=None)
hypothesis.settings.load_profile("shop")


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, mongo_uri: str, kafka_bootstrap: str) -> pytest.MonkeyPatch:
    """The environment of the service: only what a test sets."""
    for name in list(os.environ):
        if name.startswith(("JWT_", "DB_", "KAFKA_", "PRODUCT")) or name in ("ENVIRONMENT", "LOG_FORMAT", "LOG_LEVEL"):
            monkeypatch.delenv(name)
    unique = secrets.token_hex(4)
    for name, value in {
        "MONGODB_URI": mongo_uri,
        "DB_NAME": f"test_{unique}",
        "KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap,
        "KAFKA_TOPIC": f"shop-{unique}",
        "KAFKA_GROUP": f"products-{unique}",
        "KAFKA_REPLICATION_FACTOR": "1",
        "KAFKA_MIN_INSYNC_REPLICAS": "1",
        "KAFKA_IDEMPOTENT_PRODUCER": "false",
        "KAFKA_FETCH_MAX_WAIT_MS": "10",
        "JWT_TOKEN_ALG": "HS256",
        "JWT_ACCESS_TOKEN_SECRET_KEY": SECRET,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(life, "START_SECONDS", 60.0)  # a busy machine is no failure
    return monkeypatch


@pytest.fixture
async def empty(settings: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    """A database without anything, not even indexes."""
    made = Store(load(Settings))
    yield made
    with pymongo.timeout(60):
        await made.db.listings.delete_many({})  # to drop a full one takes the embedded server longer
        await made.db.client.drop_database(made.settings.db_name)
    await made.mongo.close()


@pytest.fixture
async def store(empty: Store) -> Store:
    await ensure_schema(empty.mongo)
    return empty


@pytest.fixture
async def shop(empty: Store, settings: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    """The service with its start data. Its broker is down, which no HTTP client may notice."""
    settings.setenv("ENVIRONMENT", "development")
    settings.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    settings.setattr(tasks, "END_SECONDS", 0.1)
    async with running_shop(empty) as running:
        yield running


@pytest.fixture
async def shop_with_broker(empty: Store, settings: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    settings.setenv("ENVIRONMENT", "development")
    async with running_shop(empty) as running:
        yield running


@pytest.fixture
async def publisher(empty: Store) -> AsyncIterator[Publisher]:
    made = Publisher(empty.settings)
    yield made
    await made.close()


@pytest.fixture
async def start_data(store: Store) -> Store:
    await add_start_data(store.mongo)
    return store


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def race_settings(mongo_uri: str) -> AsyncIterator[Settings]:
    """Those of the replicas that race: making a database for each race would take longer than the races."""
    secret = {"jwt_token_alg": "HS256", "jwt_access_token_secret_key": SECRET}
    settings = Settings.model_validate(secret | {"mongodb_uri": mongo_uri, "db_name": f"test_{secrets.token_hex(4)}"})
    before = Store(settings)
    await ensure_schema(before.mongo)
    await before.mongo.close()
    yield settings
    # By now the server would have closed a connection that was idle since then.
    after = Store(settings)
    await after.db.client.drop_database(settings.db_name)
    await after.mongo.close()


@pytest.fixture
async def replicas(race_settings: Settings) -> AsyncIterator[tuple[Replica, Replica]]:
    """Two that race with each other, and find their database empty."""
    both = (Replica(race_settings), Replica(race_settings))
    for name in COLLECTIONS:
        await both[0].mongo.db[name].delete_many({})
    yield both
    for replica in both:
        await replica.gallery.close()
        await replica.mongo.close()


@pytest.fixture
async def raced(race_settings: Settings, replicas: tuple[Replica, Replica]) -> AsyncIterator[Store]:
    """Their database, behind their backs."""
    store = Store(race_settings)
    yield store
    await store.mongo.close()
