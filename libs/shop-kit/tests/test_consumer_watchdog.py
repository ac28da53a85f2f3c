"""The consumer and a client that misbehaves, as real ones do after a broker's restart. The client here is scripted."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from aiokafka import ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError
from kit_testing import Note, eventually, kafka_settings, note
from shop_kit.errors import UnavailableError
from shop_kit.kafka import Consumer, Delivery, Publisher
from shop_kit.kafka import consumer as module

PARTITION = TopicPartition("notes", 0)


class Client:
    """Gives three records, one a fetch, then nothing; keeps the offsets committed through it."""

    def __init__(self) -> None:
        self.left = [_record(n) for n in range(3)]
        self.ends, self.at, self.looks = [3], 0, 0
        self.commits: list[int] = []
        self.commit_error: Exception | None = None
        self.assigned = {PARTITION}
        self.stopped = False

    def subscribe(self, topics: Sequence[str], listener: ConsumerRebalanceListener) -> None:
        self.listener = listener

    async def start(self) -> None: ...

    async def stop(self) -> None:
        self.stopped = True

    def assignment(self) -> set[TopicPartition]:
        return self.assigned

    async def getmany(self, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[ConsumerRecord[Any, Any]]]:
        await asyncio.sleep(0.005)
        if not self.left:
            return {}
        self.at += 1
        return {PARTITION: [self.left.pop(0)]}

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        self.commits.append(offsets[PARTITION])
        if self.commit_error:
            raise self.commit_error

    async def end_offsets(self, partitions: set[TopicPartition]) -> dict[TopicPartition, int]:
        self.looks += 1
        return dict.fromkeys(partitions, self.ends.pop(0) if len(self.ends) > 1 else self.ends[0])

    async def position(self, partition: TopicPartition) -> int:
        return self.at


def _record(offset: int) -> ConsumerRecord[Any, Any]:
    return ConsumerRecord("notes", 0, offset, 0, 0, None, note(offset), None, 0, 0, ())


class Scripted:
    """A consumer whose every new client is the next of `clients`, or the last one's like."""

    def __init__(self, *clients: Client) -> None:
        self.clients, self.given = list(clients), list[Client]()
        self.numbers: list[int] = []
        self.on_work: Callable[[], object] = lambda: None
        settings = kafka_settings("127.0.0.1:1")
        self.consumer = Consumer(settings, {"notes": Note}, self.handle, Publisher(settings))
        self.consumer._new_client = self.next_client  # type: ignore[method-assign]

    def next_client(self) -> Any:
        self.given.append(self.clients.pop(0) if self.clients else Client())
        return self.given[-1]

    async def handle(self, deliveries: Sequence[Delivery[Note]]) -> None:
        self.numbers.extend(d.event.number for d in deliveries)
        result = self.on_work()
        if asyncio.iscoroutine(result):
            await result

    async def until(self, done: Callable[[], object]) -> None:
        task = asyncio.create_task(self.consumer.run())
        try:
            await eventually(done, 10)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STALL_SECONDS", 0.05)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(module, "RESTART_SECONDS", 0.02)


async def test_each_chunk_is_committed_after_its_work() -> None:
    client = Client()
    scripted = Scripted(client)
    before: list[int] = []
    scripted.on_work = lambda: before.append(len(client.commits))
    await scripted.until(lambda: client.commits == [1, 2, 3])
    assert (scripted.numbers, before) == ([0, 1, 2], [0, 1, 2])
    assert client.stopped


async def test_what_was_fetched_before_a_rebalance_is_not_committed_after_it() -> None:
    client = Client()
    scripted = Scripted(client)

    async def rebalance() -> None:
        if scripted.numbers[-1] == 1:
            await client.listener.on_partitions_revoked({PARTITION})
            await client.listener.on_partitions_assigned({PARTITION})

    scripted.on_work = rebalance
    await scripted.until(lambda: client.commits[-1:] == [3])
    assert (scripted.numbers, client.commits) == ([0, 1, 2], [1, 3])


async def test_what_comes_after_a_rebalance_in_the_same_fetch_is_handled() -> None:
    class Rebalancing(Client):
        async def getmany(
            self, timeout_ms: int, max_records: int
        ) -> dict[TopicPartition, list[ConsumerRecord[Any, Any]]]:
            await self.listener.on_partitions_revoked({PARTITION})
            await self.listener.on_partitions_assigned({PARTITION})
            return await super().getmany(timeout_ms, max_records)

    client = Rebalancing()
    scripted = Scripted(client)
    await scripted.until(lambda: client.commits == [1, 2, 3])
    assert scripted.numbers == [0, 1, 2]


async def test_a_failed_commit_is_never_tried_again() -> None:
    client = Client()
    client.commit_error = CommitFailedError()
    scripted = Scripted(client)
    await scripted.until(lambda: len(client.commits) == 3)
    assert client.commits == [1, 2, 3]
    assert scripted.given == [client]


async def test_a_consumer_that_sits_still_is_replaced_and_then_liveness_fails() -> None:
    still, still_too = Client(), Client()
    for client in (still, still_too):
        client.left, client.ends = [], [5]
    scripted = Scripted(still, still_too, Client())
    lives: list[bool] = []
    scripted.on_work = lambda: lives.append(scripted.consumer.alive())
    await scripted.until(lambda: scripted.numbers == [0, 1, 2])
    assert scripted.given[0].stopped
    assert lives == [False, True, True]


async def test_an_idle_consumer_is_left_alone() -> None:
    client = Client()
    scripted = Scripted(client)
    await scripted.until(lambda: client.looks == 10)
    assert scripted.given == [client]
    assert scripted.consumer.alive()


async def test_a_topic_that_was_cut_short_is_read_anew() -> None:
    client = Client()
    client.ends = [3, 3, 1]
    scripted = Scripted(client)
    await scripted.until(lambda: len(scripted.given) == 2)
    assert client.looks == 3
    assert client.stopped


async def test_readiness_is_to_have_partitions() -> None:
    client = Client()
    client.assigned = set()
    scripted = Scripted(client)
    with pytest.raises(UnavailableError):
        await scripted.consumer.check()

    async def ready() -> bool:
        try:
            await scripted.consumer.check()
        except UnavailableError:
            client.assigned = {PARTITION}
            return False
        return True

    await scripted.until(ready)
    with pytest.raises(UnavailableError):
        await scripted.consumer.check()
