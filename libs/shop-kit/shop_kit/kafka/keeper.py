"""The keeper of a topic is its writer: it makes the topic, and notices when the broker lost what it had.

A topic that is missing, that lacks a partition, that ends lower than at the last look, or that did not grow though the
broker acked something to this process since, was lost. Then what it carried is made due first, and only after that a
missing topic is made anew: the other way round, a crash in between would leave the readers stale until the next lap.
Ends are compared with ends and not with acked offsets, because the embedded broker reports the first offset of the last
batch as the end. Tested by wiping the broker, in tests/.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from shop_kit.errors import UnavailableError
from shop_kit.kafka.clients import connection, start, stop_quietly
from shop_kit.kafka.publisher import Publisher
from shop_kit.settings import KafkaSettings
from shop_kit.transient import is_transient

log = structlog.get_logger()

LOOK_SECONDS = 2.0
CALL_SECONDS = 10.0
SILENT_SECONDS = 3 * LOOK_SECONDS
BROKER_DOWN = "the broker does not answer"
TOPIC_EXISTS = 36


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic this service keeps. A compacted one keeps the last message of each key for ever."""

    name: str
    compacted: bool = False


class TopicKeeper:
    """Looks after `topics`, at start and every few seconds; `make_due` makes what they carried due again."""

    def __init__(
        self,
        settings: KafkaSettings,
        topics: Sequence[Topic],
        publisher: Publisher,
        make_due: Callable[[], Awaitable[None]],
    ):
        self._settings = settings
        self._topics = {topic.name: topic for topic in topics}
        self._publisher = publisher
        self._make_due = make_due
        self._seen: dict[TopicPartition, tuple[int, int]] = {}
        self._looked = float("-inf")

    async def check(self) -> None:
        """The broker answered at the last look, which is at most a few seconds ago."""
        if time.monotonic() - self._looked > SILENT_SECONDS:
            log.warning(BROKER_DOWN, error=f"no look at the topics for {SILENT_SECONDS:.0f} s")
            raise UnavailableError(BROKER_DOWN)

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            admin = AIOKafkaAdminClient(**connection(self._settings))
            reader = AIOKafkaConsumer(**connection(self._settings), metadata_max_age_ms=2_000)
            try:
                await start(admin, CALL_SECONDS)
                await start(reader, CALL_SECONDS)
                while True:
                    await self.look(admin, reader)
                    self._looked = time.monotonic()
                    log.info("the broker answers again", ends=BROKER_DOWN)
                    await asyncio.sleep(LOOK_SECONDS)
            except Exception as error:
                if not is_transient(error):
                    raise
                log.warning(BROKER_DOWN, error=f"{type(error).__name__}: {error}"[:200])
            finally:
                await asyncio.gather(stop_quietly(reader), _close(admin))
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self, admin: AIOKafkaAdminClient, reader: AIOKafkaConsumer) -> None:
        """One look: make due what the broker lost, then the topics it does not have."""
        async with asyncio.timeout(CALL_SECONDS):
            described = await admin.describe_topics()
            there = {TopicPartition(t["topic"], p["partition"]) for t in described for p in t["partitions"]}
            before = {tp: count for tp, count in self._publisher.acked.items() if tp.topic in self._topics}
            # Asking for the end of a partition that is no more would never be answered.
            ends = await reader.end_offsets(there & before.keys()) if there & before.keys() else {}
        seen = {tp: (end, self._publisher.acked[tp]) for tp, end in ends.items()}
        missing = set(self._topics) - {tp.topic for tp in there}
        lost = [tp for tp, acked in before.items() if tp not in ends or self._was_cut(tp, ends[tp], acked)]
        if missing or lost:
            parts = sorted(f"{tp.topic}[{tp.partition}]" for tp in lost)
            log.warning("making due what the broker does not have", missing=sorted(missing), lost=parts)
            await self._make_due()
            for tp in before.keys() - ends.keys():
                del self._publisher.acked[tp]
        self._seen = seen
        if missing:
            await self._create(admin, [self._topics[name] for name in sorted(missing)])

    def _was_cut(self, tp: TopicPartition, end: int, acked: int) -> bool:
        last_end, last_acked = self._seen.get(tp, (0, 0))
        return end < last_end or (end == last_end and acked > last_acked)

    async def _create(self, admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> None:
        new = [
            NewTopic(
                topic.name,
                num_partitions=self._settings.kafka_partitions,
                replication_factor=self._settings.kafka_replication_factor,
                topic_configs={
                    "cleanup.policy": "compact" if topic.compacted else "delete",
                    "min.insync.replicas": str(self._settings.kafka_min_insync_replicas),
                    "unclean.leader.election.enable": "false",
                },
            )
            for topic in topics
        ]
        async with asyncio.timeout(CALL_SECONDS):
            answer = await admin.create_topics(new)
        failed = [(name, why) for name, code, why in answer.topic_errors if code not in (0, TOPIC_EXISTS)]
        if failed:
            raise KafkaError(f"can't make topics: {failed}")


async def _close(admin: AIOKafkaAdminClient) -> None:
    admin.stop = admin.close
    await stop_quietly(admin)
