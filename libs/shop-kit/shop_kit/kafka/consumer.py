"""Consuming: work first, offsets last, and a watchdog over a client that can fall silent.

- An offset is committed only after its event was handled, or acked in the dead letters.
- aiokafka rebalances without waiting for the handler, and after a broker lost its groups it may commit an old position
  before it has joined again. So rebalances are counted, and what was fetched before one is never committed after it.
- Every call that can hang has a time limit. A consumer that is behind and makes no progress for 30 s is replaced by a
  new one; when that did not help either, liveness fails.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError, KafkaError
from pydantic import BaseModel

from shop_kit.errors import UnavailableError
from shop_kit.kafka.bisect import handle_all
from shop_kit.kafka.clients import connection, start, stop_quietly
from shop_kit.kafka.delivery import Delivery, dead_letter, decode, describe
from shop_kit.kafka.publisher import Publisher
from shop_kit.settings import KafkaSettings

E = TypeVar("E", bound=BaseModel)
log = structlog.get_logger()

FETCH = 500
CHUNK = 100
CALL_SECONDS = 10.0
START_SECONDS = 30.0
SESSION_MS = 6_000
"""How long a killed consumer holds its partitions; Kafka allows no less by default (group.min.session.timeout.ms)."""
LOOK_SECONDS = 3.0
STALL_SECONDS = 30.0
RESTART_SECONDS = 1.0
NO_BROKER = "the consumer failed, making a new one"
STALLED = "the consumer stalled, making a new one"


class _Rebalances(ConsumerRebalanceListener):  # type: ignore[misc]
    count = 0

    async def on_partitions_revoked(self, revoked: object) -> None:
        self.count += 1

    async def on_partitions_assigned(self, assigned: object) -> None:
        self.count += 1


class StalledError(Exception):
    """The consumer is behind, or has no partitions, and does not move."""


class Consumer(Generic[E]):
    """Reads `contracts` (topic -> event model) as one group, and gives chunks of up to 100 events to `handle`."""

    def __init__(
        self,
        settings: KafkaSettings,
        contracts: Mapping[str, type[E]],
        handle: Callable[[Sequence[Delivery[E]]], Awaitable[None]],
        publisher: Publisher,
    ):
        self._settings = settings
        self._contracts = contracts
        self._handle = handle
        self._publisher = publisher
        self._assigned = False
        self._began = False
        self._stalls = 0

    async def check_began(self) -> None:
        """Readiness: partitions were assigned once since the start, so the broker is the right one."""
        if not self._began:
            raise UnavailableError("the consumer has no partitions yet")

    async def check(self) -> None:
        """Partitions are assigned."""
        if not self._assigned:
            raise UnavailableError("the consumer has no partitions")

    def alive(self) -> bool:
        """Liveness: False when a new consumer did not get going either, though the broker answered."""
        return self._stalls < 2

    async def run(self) -> None:
        """Consume until cancelled."""
        while True:
            rebalances = _Rebalances()
            consumer = self._new_client()
            consumer.subscribe(list(self._contracts), listener=rebalances)
            try:
                await start(consumer, START_SECONDS)
                await self._consume(consumer, rebalances)
            except StalledError as error:
                self._stalls += 1
                log.warning(STALLED, error=str(error))
            except (KafkaError, OSError, TimeoutError) as error:
                log.warning(NO_BROKER, error=f"{type(error).__name__}: {error}"[:200])
            finally:
                self._assigned = False
                await stop_quietly(consumer)
            await asyncio.sleep(RESTART_SECONDS)

    def _new_client(self) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            **connection(self._settings),
            group_id=self._settings.kafka_group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=self._settings.kafka_fetch_max_wait_ms,
            metadata_max_age_ms=2_000,
            session_timeout_ms=SESSION_MS,
            heartbeat_interval_ms=SESSION_MS // 3,
        )

    async def _consume(self, consumer: AIOKafkaConsumer, rebalances: _Rebalances) -> None:
        moved = looked = time.monotonic()
        ends: dict[TopicPartition, int] = {}
        while True:
            async with asyncio.timeout(CALL_SECONDS):
                fetched = await consumer.getmany(timeout_ms=1_000, max_records=FETCH)
            # Counted now and not before the wait: what comes after a rebalance within it is of the new assignment,
            # whose position is past it already. To drop it would be to lose it.
            before = rebalances.count
            self._note(bool(consumer.assignment()))
            records = [record for batch in fetched.values() for record in batch]
            for first in range(0, len(records), CHUNK):
                if rebalances.count != before:
                    break
                chunk = records[first : first + CHUNK]
                await self._work(chunk)
                if rebalances.count == before:
                    await self._commit(consumer, chunk)
                moved, self._stalls = time.monotonic(), 0
            if not records and time.monotonic() - looked > LOOK_SECONDS:
                looked = time.monotonic()
                if await self._at_the_end(consumer, ends):
                    moved, self._stalls = looked, 0
                elif looked - moved > STALL_SECONDS:
                    raise StalledError(f"no progress for {STALL_SECONDS:.0f} s")

    def _note(self, assigned: bool) -> None:
        if assigned and not self._assigned:
            self._began = True
            log.info("the consumer has partitions again", ends=NO_BROKER)
        self._assigned = assigned

    async def _work(self, chunk: Sequence[ConsumerRecord]) -> None:
        async def handle(records: Sequence[ConsumerRecord]) -> None:
            await self._handle([decode(record, self._contracts) for record in records])

        async def bury(record: ConsumerRecord, error: Exception) -> None:
            await self._publisher.publish([dead_letter(record, self._settings.kafka_group, error)])
            where = f"{record.topic}[{record.partition}]@{record.offset}"
            log.error("dead letter", record=where, error=describe(error))

        await handle_all(chunk, handle, bury)

    async def _commit(self, consumer: AIOKafkaConsumer, chunk: Sequence[ConsumerRecord]) -> None:
        offsets = {TopicPartition(r.topic, r.partition): r.offset + 1 for r in chunk}
        # A commit that fails is not tried again: after a rebalance it would be wrong, and the next chunk's covers it.
        with contextlib.suppress(CommitFailedError):
            async with asyncio.timeout(CALL_SECONDS):
                await consumer.commit(offsets)

    async def _at_the_end(self, consumer: AIOKafkaConsumer, seen: dict[TopicPartition, int]) -> bool:
        partitions = consumer.assignment()
        async with asyncio.timeout(CALL_SECONDS):
            if not partitions:
                # Without a broker there is none to wait for: that is an outage, and no consumer that sits still.
                await consumer.topics()
                return False
            ends = await consumer.end_offsets(partitions)
            positions = {p: await consumer.position(p) for p in partitions}
        if any(ends[p] < seen.get(p, 0) for p in partitions):
            raise StalledError("a topic ends lower than before")
        seen.update(ends)
        # The embedded broker reports the first offset of the last batch as the end, so a position may be past it.
        return all(positions[p] >= ends[p] for p in partitions)
