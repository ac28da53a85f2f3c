"""Publishing: a message counts as sent when every in-sync replica has it (acks=all), not before."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaError, KafkaTimeoutError

from shop_kit.kafka.clients import Client, connection, start, stop_quietly
from shop_kit.settings import KafkaSettings

SEND_SECONDS = 12.0
"""How long to wait for an ack; over the client's own request timeout, so that its retries have a chance."""

ENDING_SECONDS = 60.0
"""How long a producer that was given up may take to end. What it still holds is sent or expires first, and one that is
not waited for so long goes on half alive."""


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to a topic. `headers` carry the trace, or the story of a dead letter."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


class Publisher:
    """Sends messages; `acked` counts, for each partition, the messages this process knows to be stored."""

    def __init__(self, settings: KafkaSettings):
        self._settings = settings
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()
        self._ending: set[asyncio.Task[None]] = set()
        self.acked: Counter[TopicPartition] = Counter()

    async def publish(self, messages: Sequence[Message]) -> None:
        """Send all, and return when the broker has acked all; raises KafkaError or OSError if one was not."""
        if not messages:
            return
        producer = await self._started()
        try:
            async with asyncio.timeout(SEND_SECONDS):
                acks = []
                for m in messages:
                    ack = await producer.send(m.topic, key=m.key, value=m.value, headers=list(m.headers))
                    # If a later message can't be sent, nobody asks what became of this one.
                    ack.add_done_callback(_retrieve)
                    acks.append(ack)
                for stored in await asyncio.gather(*acks):
                    self.acked[TopicPartition(stored.topic, stored.partition)] += 1
        except TimeoutError as error:
            self._give_up(producer)
            raise KafkaTimeoutError(f"no ack within {SEND_SECONDS:.0f} s") from error
        except (KafkaError, OSError):
            self._give_up(producer)
            raise

    def _give_up(self, producer: Client) -> None:
        """Have the next message sent by a new producer.

        An idempotent one that lost a batch in an outage answers OutOfOrderSequenceNumber to all that follows, for ever.
        """
        if producer is self._producer:
            self._producer = None
            ending = asyncio.create_task(stop_quietly(producer, ENDING_SECONDS))
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    **connection(self._settings),
                    acks="all",
                    enable_idempotence=self._settings.kafka_idempotent_producer,
                    metadata_max_age_ms=5_000,
                )
                try:
                    await start(producer, SEND_SECONDS)
                    self._producer = producer
                except (TimeoutError, KafkaError, OSError) as error:
                    raise KafkaConnectionError(str(error)) from error
                finally:
                    if self._producer is None:
                        await stop_quietly(producer)
        return self._producer

    async def close(self) -> None:
        """Send what is waiting, then disconnect; producers that were given up end with the process."""
        for ending in self._ending:
            ending.cancel()
        if self._producer is not None:
            await stop_quietly(self._producer)


def _retrieve(ack: asyncio.Future[object]) -> None:
    if not ack.cancelled():
        ack.exception()
