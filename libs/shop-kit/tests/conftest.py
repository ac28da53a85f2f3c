"""Each test of shop-kit has a database and topics of its own on the shared servers."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import hypothesis
import pytest

sys.path.append(str(Path(__file__).parent))
from kit_testing import kafka_settings, mongo_settings
from shop_kit.kafka import Publisher
from shop_kit.mongo import Mongo
from shop_kit.settings import KafkaSettings, MongoSettings

# A busy machine is no failure.
hypothesis.settings.register_profile("shop", deadline=None)
hypothesis.settings.load_profile("shop")


@pytest.fixture
def database(mongo_uri: str) -> MongoSettings:
    return mongo_settings(mongo_uri)


@pytest.fixture
async def mongo(database: MongoSettings) -> AsyncIterator[Mongo]:
    connection = Mongo(database, "tests")
    yield connection
    await connection.db.client.drop_database(database.db_name)
    await connection.close()


@pytest.fixture
def kafka(kafka_bootstrap: str) -> KafkaSettings:
    return kafka_settings(kafka_bootstrap)


@pytest.fixture
async def publisher(kafka: KafkaSettings) -> AsyncIterator[Publisher]:
    started = Publisher(kafka)
    yield started
    await started.close()
