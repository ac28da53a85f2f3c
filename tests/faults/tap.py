"""Reads every topic while the shop runs: what was asked, answered, told and buried."""

import asyncio
import contextlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import KafkaError
from shop_events import OrderCreate, OrderStatusUpdate, ProductCreate, ProductsQuantityUpdate, topic

OURS = "put-in-by-the-test"
"""The header of messages that the harness itself sends."""
QUESTIONS = topic("shop", OrderCreate)
ANSWERS = topic("shop", OrderStatusUpdate)
SNAPSHOTS = (topic("shop", ProductCreate), topic("shop", ProductsQuantityUpdate))
TOPICS = (QUESTIONS, ANSWERS, *SNAPSHOTS)
REMEMBERED = 2_000


@dataclass
class Heard:
    """`asked` counts the shop's own OrderCreate by order; `answered` has the statuses told of an order; `told` what a
    product was said to be at a version; `buried` the values of dead letters; `recent` records to send again."""

    asked: Counter[str] = field(default_factory=Counter)
    answered: dict[str, set[str]] = field(default_factory=dict)
    told: dict[tuple[str, int], set[tuple[str, int]]] = field(default_factory=dict)
    buried: set[bytes] = field(default_factory=set)
    recent: list[ConsumerRecord] = field(default_factory=list)
    seen: set[tuple[int, str, int, int]] = field(default_factory=set)

    def hear(self, record: ConsumerRecord, life: int) -> None:
        """Take note of a record, once. `life` counts the broker's lives: a wiped one numbers its records anew."""
        place = (life, record.topic, record.partition, record.offset)
        if place in self.seen:
            return
        self.seen.add(place)
        if record.topic.endswith(".dlq"):
            self.buried.add(record.value or b"")
        elif not any(name == OURS for name, _ in record.headers):
            self._event(record.topic, json.loads(record.value))
            self.recent = [*self.recent[-REMEMBERED:], record]

    def _event(self, where: str, event: dict[str, Any]) -> None:
        if where == QUESTIONS:
            self.asked[event["order"]["id"]] += 1
        elif where == ANSWERS:
            self.answered.setdefault(event["order_id"], set()).add(event["status"])
        else:
            for product in [event["product"]] if "product" in event else event["products"]:
                state = (product["name"], product["quantity"])
                self.told.setdefault((product["id"], product["version"]), set()).add(state)


class Tap:
    """Listens until stopped, through every fault; what the broker loses before it was heard is lost to it, too."""

    def __init__(self, bootstrap_servers: str):
        self.heard = Heard()
        self.life = 0
        self._servers = bootstrap_servers
        self._quiet = asyncio.Event()

    def broker_wiped(self) -> None:
        self.life += 1

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            life = self.life
            consumer = AIOKafkaConsumer(
                bootstrap_servers=self._servers,
                auto_offset_reset="earliest",
                group_id=None,
                metadata_max_age_ms=1_000,
                request_timeout_ms=11_000,
            )
            consumer.subscribe(pattern=r"^shop\..*")
            with contextlib.suppress(KafkaError, OSError, TimeoutError):
                async with asyncio.timeout(15):
                    await consumer.start()
                while not stop.is_set() and life == self.life:
                    await self._listen(consumer, life)
            with contextlib.suppress(KafkaError, OSError, TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(consumer.stop(), 5)
            await asyncio.sleep(0.2)

    async def _listen(self, consumer: AIOKafkaConsumer, life: int) -> None:
        async with asyncio.timeout(15):
            fetched = await consumer.getmany(timeout_ms=300)
        if life == self.life:
            for records in fetched.values():
                for record in records:
                    self.heard.hear(record, life)
