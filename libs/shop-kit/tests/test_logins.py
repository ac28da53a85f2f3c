"""A broker that wants a login, and one over TLS: all clients come in, and a refusal is said once and waited out."""

import asyncio
import io
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiokafka.errors import KafkaConnectionError
from kafka_logins import Logins, broker_with_logins, certify
from kit_testing import Note, eventually, note, unique
from shop_kit.kafka import Consumer, Message, Publisher, Topic, TopicKeeper
from shop_kit.kafka.delivery import Delivery
from shop_kit.logging import configure_logging
from shop_kit.settings import KafkaSettings, ServiceSettings
from shop_kit.tasks import running


@pytest.fixture(scope="module")
def logins(kafka_there: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logins]:
    with broker_with_logins(tmp_path_factory.mktemp("logins")) as broker:
        yield broker


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a service writes to its log."""
    root, text = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr("sys.stderr", text)
    configure_logging("test", ServiceSettings())
    yield text
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


class Clients:
    """A publisher, a keeper and a consumer of one topic, as a service has them."""

    def __init__(self, settings: KafkaSettings):
        self.topic = unique("login")
        self.numbers: list[int] = []
        self.publisher = Publisher(settings)
        self.keeper = TopicKeeper(settings, [Topic(self.topic)], self.publisher, self._nothing)
        self.consumer = Consumer(settings, {self.topic: Note}, self._handle, self.publisher)

    async def _nothing(self) -> None: ...

    async def _handle(self, deliveries: Sequence[Delivery[Note]]) -> None:
        self.numbers += [delivery.event.number for delivery in deliveries]


@pytest.mark.parametrize("door", ["plain", "scram"])
async def test_all_clients_come_in(logins: Logins, door: str) -> None:
    clients = Clients(logins.settings(door))
    async with running(clients.keeper.run, clients.consumer.run):
        await clients.publisher.publish([Message(clients.topic, b"key", note(7))])
        await eventually(lambda: clients.numbers == [7], seconds=40)
        await clients.keeper.check()
    await clients.publisher.close()


@pytest.mark.parametrize(
    ("door", "wrong", "reason"),
    [
        ("plain", "password", "SaslAuthenticationFailed: Authentication failed: Invalid username or password"),
        ("scram", "password", "SaslAuthenticationFailed: Authentication failed during authentication due to invalid"),
        ("scram", "certificate", "CERTIFICATE_VERIFY_FAILED"),
    ],
)
async def test_a_refusal_is_said_and_waited_out(
    logins: Logins,
    door: str,
    wrong: str,
    reason: str,
    tmp_path: Path,
    told: io.StringIO,
    caplog: pytest.LogCaptureFixture,
) -> None:
    certify(tmp_path / "keystore.pem", tmp_path / "ca.pem")
    values: dict[str, dict[str, Any]] = {
        "password": {"kafka_sasl_password": "not the one"},
        "certificate": {"kafka_ssl_cafile": tmp_path / "ca.pem"},
    }
    clients = Clients(logins.settings(door, **values[wrong]))
    async with running(clients.keeper.run, clients.consumer.run):
        await asyncio.sleep(4)
        with pytest.raises(KafkaConnectionError):
            await clients.publisher.publish([Message(clients.topic, b"key", note(7))])
    said = told.getvalue()
    assert said.count(reason) == 1, said
    assert logins.password not in said
    assert "not the one" not in said
    # One a second by the consumer, one each two seconds by the keeper, one by the publisher.
    assert 4 <= sum(record.msg.startswith("Unable connect") for record in caplog.records if record.args) <= 9
    assert clients.numbers == []
