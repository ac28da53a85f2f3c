"""Events sent again out of order, and messages that are none, between the shop's own."""

import contextlib
import random
from dataclasses import dataclass, field

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from tests.faults.tap import OURS, TOPICS, Tap

AT_ONCE = 20
HEADER = [(OURS, b"")]


@dataclass
class Mischief:
    """`put` has each piece of garbage that the broker acked, with the broker's life in which it did."""

    bootstrap_servers: str
    tap: Tap
    chance: random.Random
    put: dict[bytes, int] = field(default_factory=dict)
    tried: set[bytes] = field(default_factory=set)

    async def repeat(self) -> None:
        """Send some of the last events once more, the newest anywhere among the oldest."""
        recent = self.tap.heard.recent
        records = self.chance.sample(recent, min(AT_ONCE, len(recent)))
        await self._send([(r.topic, r.key, r.value) for r in records])

    async def garbage(self) -> None:
        """Put a piece of garbage on every topic."""
        await self._send([(name, None, self._piece()) for name in TOPICS])

    def _piece(self) -> bytes:
        mark = f"{self.chance.getrandbits(64):016x}".encode()
        shape = self.chance.choice([b"\xff%s", b'{"%s', b'"%s"', b'{"type": "Unheard", "id": "%s"}', b"[[[[%s"])
        piece = shape % mark
        self.tried.add(piece)
        return piece

    async def _send(self, messages: list[tuple[str, bytes | None, bytes | None]]) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap_servers, acks="all", request_timeout_ms=5_000)
        with contextlib.suppress(KafkaError, OSError, TimeoutError):
            await producer.start()
            for name, key, value in messages:
                life = self.tap.life
                await producer.send_and_wait(name, value, key=key, headers=HEADER)
                if value in self.tried:
                    self.put[value or b""] = life
        with contextlib.suppress(KafkaError, OSError, TimeoutError):
            await producer.stop()
