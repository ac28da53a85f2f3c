"""A running orders-ms on a real database and a real broker.

Most tests share one service and find its database empty; those that start their own have a database of their own.
"""

import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio

sys.path.append(str(Path(__file__).parent))
from live_testing import served
from orders.repositories.schema import ensure_schema
from orders.settings import Settings
from orders_racing import Replica
from orders_testing import SECRET, Service, StartService, fixture, running_service, snapshot
from shop_kit.mongo import Mongo

CLEARED = ("JWT_", "DB_", "KAFKA_", "MONGODB_", "ENVIRONMENT", "LOG_", "INSTANCE", "AUTHENTICATION_", "ENABLE_")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All run in the loop of the shared service."""
    for item in items:
        if pytest_asyncio.is_async_test(item) and item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def environment(mongo_uri: str, kafka_bootstrap: str) -> dict[str, str]:
    return {
        "MONGODB_URI": mongo_uri,
        "JWT_TOKEN_ALG": "HS256",
        "JWT_ACCESS_TOKEN_SECRET_KEY": SECRET,
        "KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap,
        "KAFKA_REPLICATION_FACTOR": "1",
        "KAFKA_MIN_INSYNC_REPLICAS": "1",
        "KAFKA_IDEMPOTENT_PRODUCER": "false",
        "KAFKA_FETCH_MAX_WAIT_MS": "10",
        "LOG_LEVEL": "ERROR",
    }


def set_environment(patch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    """Only what the tests set, and names that nobody used before."""
    for name in list(os.environ):
        if name.startswith(CLEARED):
            patch.delenv(name)
    name = f"test_{secrets.token_hex(6)}"
    for variable, value in (environment | {"DB_NAME": name, "KAFKA_TOPIC": name, "KAFKA_GROUP": name}).items():
        patch.setenv(variable, value)


@fixture(scope="session")
async def shared(environment: dict[str, str]) -> AsyncIterator[Service]:
    with pytest.MonkeyPatch.context() as patch:
        set_environment(patch, environment)
        running = running_service()
    async with running as service:
        yield service


@fixture()
async def service(shared: Service) -> Service:
    """The shared service, with an empty database."""
    await shared.db.orders.delete_many({})
    await shared.db.products.delete_many({})
    return shared


@fixture(scope="session")
async def _live(environment: dict[str, str]) -> AsyncIterator[Service]:
    async with AsyncExitStack() as open_until_the_end:
        with pytest.MonkeyPatch.context() as patch:
            set_environment(patch, environment)
            service = await open_until_the_end.enter_async_context(served())
        yield service


@fixture()
async def live(_live: Service) -> Service:
    """A shared service behind a real server, with an empty database but for a copy of 30 chairs."""
    await _live.db.orders.delete_many({})
    await _live.db.products.delete_many({})
    await _live.tell(snapshot("chair", 30))
    return _live


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> pytest.MonkeyPatch:
    """The environment of services that a test starts itself."""
    set_environment(monkeypatch, environment)
    return monkeypatch


@pytest.fixture
def start(settings: pytest.MonkeyPatch) -> StartService:
    """Starts a service with the settings of now; several times, if a test needs it."""
    return running_service


@fixture(scope="session")
async def race_settings(environment: dict[str, str]) -> AsyncIterator[Settings]:
    """Those of replicas whose database no running service looks after."""
    with pytest.MonkeyPatch.context() as patch:
        set_environment(patch, environment)
        settings = Settings()
    before = Mongo(settings, "tests")
    await ensure_schema(before)
    await before.close()
    yield settings
    # By now the server would have closed a connection that was idle since then.
    after = Mongo(settings, "tests")
    await after.db.client.drop_database(settings.db_name)
    await after.close()


@fixture()
async def replicas(race_settings: Settings) -> AsyncIterator[tuple[Replica, Replica]]:
    """Two that race with each other, and find their database empty."""
    both = (Replica(race_settings), Replica(race_settings))
    for collection in (both[0].mongo.db.orders, both[0].mongo.db.products):
        await collection.delete_many({})
    yield both
    for replica in both:
        await replica.questions.close()
        await replica.mongo.close()
