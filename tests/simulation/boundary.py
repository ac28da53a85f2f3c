"""Where the services end and the simulation begins: the names of the clients, and of the clock, are replaced."""

import contextlib
from collections.abc import Iterator
from unittest.mock import patch

import structlog

from tests.simulation.kafka import SimulatedConsumer, SimulatedProducer
from tests.simulation.mongo import SimulatedMongoClient
from tests.simulation.world import SimulatedDatetime, SimulatedTime


def _drop(logger: object, method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    raise structlog.DropEvent


@contextlib.contextmanager
def simulated() -> Iterator[None]:
    """Inside, the services' code runs in the world whose loop it runs on, and logs nothing.

    Chance needs no replacement: Hypothesis seeds `random` for each example.
    """
    logging = structlog.get_config()
    structlog.configure(processors=[_drop])
    with contextlib.ExitStack() as replaced:
        for name, stand_in in (
            ("shop_kit.mongo.AsyncMongoClient", SimulatedMongoClient),
            ("shop_kit.kafka.publisher.AIOKafkaProducer", SimulatedProducer),
            ("shop_kit.kafka.consumer.AIOKafkaConsumer", SimulatedConsumer),
            ("shop_kit.kafka.consumer.time", SimulatedTime),
            ("shop_kit.outbox.datetime", SimulatedDatetime),
        ):
            replaced.enter_context(patch(name, stand_in))
        try:
            yield
        finally:
            structlog.configure(**logging)
