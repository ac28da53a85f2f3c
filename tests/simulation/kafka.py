"""aiokafka's clients over the simulated broker: each call is one that can be lost.

Only what shop-kit calls is there. A client of a dead process raises instead of doing anything.
"""

import asyncio
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.admin import NewTopic
from aiokafka.errors import CommitFailedError, IllegalStateError
from shop_kit.kafka.consumer import SESSION_MS

from tests.simulation.broker import Broker, Group, Headers
from tests.simulation.world import current, request

TOPIC_EXISTS = 36
Fetched = dict[TopicPartition, list[ConsumerRecord]]


class SimulatedClient:
    def __init__(self, **options: Any):
        self.process = current()
        self.broker: Broker = self.process.world.broker


class SimulatedProducer(SimulatedClient):
    """Connects and ends without a call: nothing depends on it. What it has sent may arrive after its end."""

    async def start(self) -> None:
        current()

    async def stop(self) -> None:
        current()

    async def send(self, topic: str, *, key: bytes, value: bytes, headers: Headers) -> asyncio.Future[Any]:
        """The future of the ack. While the topic does not exist, it waits."""
        broker = self.broker

        def take() -> Any:
            tp, offset = broker.append(topic, key, value, headers)
            broker.sent[topic, key] += 1
            return SimpleNamespace(topic=topic, partition=tp.partition, offset=offset)

        return request(f"send to {topic}", take, lambda: broker.knows(topic))


class SimulatedConsumer(SimulatedClient):
    """A member of a group; `outcast` since the broker forgot it, until it joins again."""

    def __init__(self, *, group_id: str, **options: Any):
        super().__init__(**options)
        self.group: Group = self.broker.groups[group_id]
        self.subscribed: list[str] = []
        self.positions: dict[TopicPartition, int] = {}
        self.generation = 0
        self.outcast = False
        self._stopped = False
        self._listener: Any = None

    def subscribe(self, topics: list[str], listener: Any) -> None:
        self.subscribed = topics
        self._listener = listener

    async def start(self) -> None:
        self.process.at_death.append(self._leave)
        await request("join the group", self.join)

    def stop(self) -> asyncio.Future[None]:
        self._stopped = True
        # Whoever can't say good-bye is missed when his heartbeats are.
        current().loop.call_later(SESSION_MS / 1000, self._leave)
        return request("leave the group", self._leave)

    def join(self) -> None:
        if not self._stopped and self not in self.group.members:
            self.outcast = False
            self.group.members.append(self)
            self.broker.rebalance(self.group)

    def _leave(self) -> None:
        if self in self.group.members:
            self.group.members.remove(self)
            self.broker.rebalance(self.group)

    def assign(self, positions: dict[TopicPartition, int], generation: int) -> None:
        """A rebalance; it waits for no handler."""
        revoked, self.positions, self.generation = set(self.positions), positions, generation
        self.process.start(self._tell(revoked, set(positions)), lambda task: task.result())

    async def _tell(self, revoked: set[TopicPartition], assigned: set[TopicPartition]) -> None:
        await self._listener.on_partitions_revoked(revoked)
        await self._listener.on_partitions_assigned(assigned)

    def assignment(self) -> set[TopicPartition]:
        return set(self.positions)

    def getmany(self, *, timeout_ms: int, max_records: int) -> asyncio.Future[Fetched]:
        """What is there, or nothing when the time is over."""

        def fetch() -> Fetched:
            fetched: Fetched = {}
            for tp, position in self.positions.items():
                log = self.broker.log(tp)
                # Out of range means from the beginning (auto_offset_reset="earliest").
                start = position if position <= len(log) else 0
                if records := log[start : start + max_records]:
                    fetched[tp] = records
                    self.positions[tp] = records[-1].offset + 1
            return fetched

        answer = request("fetch", fetch, lambda: any(len(self.broker.log(tp)) != n for tp, n in self._heard()))
        self.process.loop.call_later(timeout_ms / 1000, _answer_nothing, answer)
        return answer

    def _heard(self) -> Iterable[tuple[TopicPartition, int]]:
        return [(tp, n) for tp, n in self.positions.items() if self.broker.log(tp)]

    def commit(self, offsets: Mapping[TopicPartition, int]) -> asyncio.Future[None]:
        """Raises CommitFailedError if the group has changed since the call, or does not know this member."""
        generation = self.generation

        def note() -> None:
            known = not self.outcast and generation == self.group.generation
            if known or (self.outcast and self.broker.takes_late_commits):
                self.group.offsets.update({tp: n for tp, n in offsets.items() if self.broker.log(tp)})
            if self.outcast:
                self.join()
            if not known:
                raise CommitFailedError

        return request("commit offsets", note)

    def topics(self) -> asyncio.Future[set[str]]:
        return request("ask for topics", lambda: set(self.broker.topics))

    def end_offsets(self, partitions: Iterable[TopicPartition]) -> asyncio.Future[dict[TopicPartition, int]]:
        return request("ask for ends", lambda: {tp: len(self.broker.log(tp)) for tp in partitions})

    def position(self, tp: TopicPartition) -> asyncio.Future[int]:
        """Raises IllegalStateError if the partition is another's now."""
        if tp not in self.positions:
            raise IllegalStateError(f"{tp} is not assigned")
        answer = current().loop.create_future()
        answer.set_result(self.positions[tp])
        return answer


def _answer_nothing(answer: asyncio.Future[Fetched]) -> None:
    if not answer.done():
        answer.set_result({})


class SimulatedReader(SimulatedClient):
    """A consumer without a group, as the keeper uses it."""

    def end_offsets(self, partitions: Iterable[TopicPartition]) -> asyncio.Future[dict[TopicPartition, int]]:
        return request("ask for ends", lambda: {tp: len(self.broker.log(tp)) for tp in partitions})


class SimulatedAdmin(SimulatedClient):
    def __init__(self, **options: Any):
        super().__init__(**options)
        self._seen = 0

    def describe_topics(self) -> asyncio.Future[list[dict[str, Any]]]:
        def describe() -> list[dict[str, Any]]:
            self._seen = self.broker.wipes
            return [
                {"topic": name, "partitions": [{"partition": n} for n in range(len(logs))]}
                for name, logs in self.broker.topics.items()
            ]

        return request("describe the topics", describe)

    def create_topics(self, new: list[NewTopic]) -> asyncio.Future[Any]:
        def create() -> Any:
            made = [(topic, self.broker.create(topic.name, topic.num_partitions)) for topic in new]
            if any(is_new for _, is_new in made) and self._seen != self.broker.wipes:
                self.broker.made_late = True
            return SimpleNamespace(topic_errors=[(t.name, 0 if ok else TOPIC_EXISTS, "") for t, ok in made])

        return request("make topics", create)
