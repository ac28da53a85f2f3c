"""The simulated broker: topics, partitions, the offsets of consumer groups, and what can happen to them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aiokafka import ConsumerRecord, TopicPartition

if TYPE_CHECKING:
    from tests.simulation.kafka import SimulatedConsumer

Headers = Sequence[tuple[str, bytes]]
AUTO_CREATED_PARTITIONS = 1
"""Fewer than asked for, as with the embedded broker."""


class Group:
    """The consumers of a group, and how far it is. `generation` rises at every rebalance."""

    def __init__(self) -> None:
        self.members: list[SimulatedConsumer] = []
        self.offsets: dict[TopicPartition, int] = {}
        self.generation = 0


class Broker:
    """`auto_create`: a topic that is asked for is made, as the embedded broker does. `wipes` counts its lives;
    `made_late` says that a topic was made by whoever had looked before the last of them.
    """

    def __init__(self, *, auto_create: bool):
        self.auto_create = auto_create
        self.takes_late_commits = False
        self.wipes = 0
        self.made_late = False
        self.topics: dict[str, list[list[ConsumerRecord]]] = {}
        self.groups: dict[str, Group] = defaultdict(Group)
        self.sent: Counter[tuple[str, bytes]] = Counter()
        self.outcasts: list[SimulatedConsumer] = []
        self._keys: dict[bytes, int] = {}

    def knows(self, topic: str) -> bool:
        if topic not in self.topics and self.auto_create:
            self.create(topic, AUTO_CREATED_PARTITIONS)
        return topic in self.topics

    def create(self, topic: str, partitions: int) -> bool:
        """False if it is there. Readers hear of a new topic."""
        if topic in self.topics:
            return False
        self.topics[topic] = [[] for _ in range(partitions)]
        for group in self.groups.values():
            if any(topic in member.subscribed for member in group.members):
                self.rebalance(group)
        return True

    def append(self, topic: str, key: bytes, value: bytes, headers: Headers) -> tuple[TopicPartition, int]:
        """Where the message is now. The keys, in their order of appearance, take the partitions in turn."""
        partition = self._keys.setdefault(key, len(self._keys)) % len(self.topics[topic])
        log = self.topics[topic][partition]
        log.append(_record(topic, partition, len(log), key, value, headers))
        return TopicPartition(topic, partition), len(log) - 1

    def log(self, tp: TopicPartition) -> list[ConsumerRecord]:
        """The messages of a partition; none if it does not exist."""
        partitions = self.topics.get(tp.topic, [])
        return partitions[tp.partition] if tp.partition < len(partitions) else []

    def partitions(self) -> list[TopicPartition]:
        return [TopicPartition(t, n) for t, logs in sorted(self.topics.items()) for n in range(len(logs))]

    def rebalance(self, group: Group) -> None:
        """Give the partitions out anew; each reader goes on from what its group has committed."""
        if group.members and self.auto_create:
            for topic in group.members[0].subscribed:
                if topic not in self.topics:
                    self.topics[topic] = [[] for _ in range(AUTO_CREATED_PARTITIONS)]
        group.generation += 1
        for index, member in enumerate(group.members):
            mine = [tp for tp in self.partitions() if tp.topic in member.subscribed][index :: len(group.members)]
            member.assign({tp: group.offsets.get(tp, 0) for tp in mine}, group.generation)

    def wipe(self, *, late_commits: bool = False) -> None:
        """Topics, messages and offsets are gone; readers keep their positions until they join again.

        With `late_commits` the new broker takes the next commit of an old reader, as was seen on Apache Kafka.
        """
        self.wipes += 1
        self.takes_late_commits = late_commits
        self.topics.clear()
        for group in self.groups.values():
            group.offsets.clear()
            for member in group.members:
                member.outcast = True
                self.outcasts.append(member)
            group.members = []

    def unread(self) -> list[TopicPartition]:
        """Partitions whose last message no group has read."""
        return [tp for tp in self.partitions() if self.log(tp) and self.reached(tp) < len(self.log(tp))]

    def reached(self, tp: TopicPartition) -> int:
        """How far any group has read, or noted that it has."""
        noted = (group.offsets.get(tp, 0) for group in self.groups.values())
        positions = (m.positions.get(tp, 0) for group in self.groups.values() for m in group.members)
        return max([0, *noted, *positions])

    def swap_unread(self, tp: TopicPartition) -> bool:
        """The last two messages change places, if neither was read."""
        log = self.log(tp)
        if len(log) < self.reached(tp) + 2:
            return False
        log[-2:] = [_moved(log[-1], len(log) - 2), _moved(log[-2], len(log) - 1)]
        return True


def _record(topic: str, partition: int, offset: int, key: bytes, value: bytes, headers: Headers) -> ConsumerRecord:
    return ConsumerRecord(topic, partition, offset, 0, 0, key, value, None, len(key), len(value), tuple(headers))


def _moved(r: ConsumerRecord, offset: int) -> ConsumerRecord:
    return _record(r.topic, r.partition, offset, r.key, r.value, r.headers)
