"""What operators do with dead letters: see where they are and why, and send one back as it was."""

import asyncio
import sys

import pytest
from kit_testing import note, read, unique
from shop_kit import dead_letters
from shop_kit.kafka import Message, Publisher
from shop_kit.settings import KafkaSettings

TRACE = ("traceparent", b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")


def letter(topic: str, number: int, error: str) -> Message:
    story = {"topic": topic, "partition": "4", "offset": str(number), "error": error, "time": "1795467961156"}
    headers = tuple((f"dlq.{name}", text.encode()) for name, text in story.items())
    return Message(f"{topic}.readers.dlq", b"key", note(number), (TRACE, *headers))


async def run(patch: pytest.MonkeyPatch, *arguments: str) -> int:
    patch.setattr(sys, "argv", ["dead_letters", *arguments])
    return await asyncio.to_thread(dead_letters.main)


async def test_letters_are_listed_and_one_is_sent_back(
    kafka: KafkaSettings, publisher: Publisher, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prefix = unique("shop")
    for name, value in {
        "KAFKA_BOOTSTRAP_SERVERS": kafka.kafka_bootstrap_servers,
        "KAFKA_TOPIC": prefix,
        "KAFKA_IDEMPOTENT_PRODUCER": "false",
    }.items():
        monkeypatch.setenv(name, value)
    topic = f"{prefix}.Note"
    await publisher.publish([letter(topic, 1, "ValueError: one"), letter(topic, 2, "ValueError: two")])
    await publisher.publish([letter(f"another{prefix}.Note", 3, "ValueError: of another shop")])
    assert await run(monkeypatch) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.partition("  ")[2] for line in told] == [
        f"2026-11-23T21:06:01+00:00  key  ValueError: {which}" for which in ("one", "two")
    ]
    place = told[1].partition("  ")[0].split()
    assert place[0] == f"{topic}.readers.dlq"
    assert await run(monkeypatch, "replay", *place) == 0
    assert capsys.readouterr().out == f"sent back to {topic}\n"
    [back] = await read(kafka.kafka_bootstrap_servers, topic, 1)
    assert (back.key, back.value, list(back.headers)) == (b"key", note(2), [TRACE])


async def test_a_place_without_a_letter_is_named(
    kafka: KafkaSettings, publisher: Publisher, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    topic = unique("shop")
    await publisher.publish([letter(topic, 1, "ValueError: one")])
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", kafka.kafka_bootstrap_servers)
    monkeypatch.setattr(dead_letters, "SECONDS", 2.0)
    assert await run(monkeypatch, "replay", f"{topic}.readers.dlq", "0", "7000") == 1
    assert capsys.readouterr().err == f"There is no letter at {topic}.readers.dlq 0 7000\n"
