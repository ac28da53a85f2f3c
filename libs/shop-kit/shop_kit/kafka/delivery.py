"""From a record to a typed event, or to the dead letters with its story."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from aiokafka import ConsumerRecord
from pydantic import BaseModel, ValidationError

from shop_kit.kafka.publisher import Message

E = TypeVar("E", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Delivery(Generic[E]):
    """An event as it arrived, with the record it came in."""

    event: E
    record: ConsumerRecord

    @property
    def traceparent(self) -> tuple[tuple[str, bytes], ...]:
        """The trace header to hand on in whatever this event causes."""
        return tuple((key, value) for key, value in self.record.headers if key == "traceparent")


def decode(record: ConsumerRecord, contracts: Mapping[str, type[E]]) -> Delivery[E]:
    """The record's event by its topic's contract. Raises ValueError if it does not fit (pydantic's is one)."""
    if record.value is None:
        raise ValueError("the message has no value")
    return Delivery(contracts[record.topic].model_validate_json(record.value), record)


def describe(error: Exception) -> str:
    """What is wrong and where, without the values of the event: they may be a customer's."""
    if isinstance(error, ValidationError):
        places = (f"{'.'.join(map(str, e['loc'])) or 'message'}: {e['msg']}" for e in error.errors(include_input=False))
        error = ValueError("; ".join(places))
    return f"{type(error).__name__}: {error}"[:300]


def dead_letter(record: ConsumerRecord, group: str, error: Exception) -> Message:
    """The record, byte for byte, with its story in headers, addressed to the group's dead-letter topic."""
    story = {
        "dlq.topic": record.topic,
        "dlq.partition": str(record.partition),
        "dlq.offset": str(record.offset),
        "dlq.error": describe(error),
        "dlq.time": str(int(time.time() * 1000)),
    }
    headers = (*record.headers, *((name, text.encode()) for name, text in story.items()))
    return Message(f"{record.topic}.{group}.dlq", record.key, record.value, headers)
