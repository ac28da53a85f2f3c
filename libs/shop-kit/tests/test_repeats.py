"""Logs in an outage: what repeats itself is held back, and nothing that matters is."""

import io
import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from aiokafka.errors import KafkaConnectionError
from shop_kit import repeats
from shop_kit.logging import configure_logging
from shop_kit.settings import ServiceSettings

Lines = list[dict[str, Any]]


class Log:
    """Our own logger, and what was written."""

    def __init__(self, text: io.StringIO):
        self._text, self.own = text, structlog.get_logger("shop")

    def lines(self) -> Lines:
        return [json.loads(line) for line in self._text.getvalue().splitlines()]

    def events(self) -> list[str]:
        return [line["event"] for line in self.lines()]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    root = logging.getLogger()
    before, level, text = root.handlers[:], root.level, io.StringIO()
    monkeypatch.setattr("sys.stderr", text)
    configure_logging("a-service", ServiceSettings(log_format="json"))
    structlog.configure(cache_logger_on_first_use=False)
    yield Log(text)
    root.handlers[:], root.level = before, level
    structlog.reset_defaults()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that have passed."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: 1000 + now[0])
    return now


def test_an_outage_is_three_lines(log: Log, clock: list[float]) -> None:
    for number in range(150):
        clock[0] = number / 10
        log.own.warning("the database does not answer", path=f"/{number}")
    clock[0] = 16.5
    log.own.info("the database answers again", ends="the database does not answer")
    began, lasts, over = log.lines()
    assert (began["path"], "held_back" in began) == ("/0", False)
    assert (lasts["path"], lasts["held_back"]) == ("/100", 99)
    assert (over["level"], over["seconds"], over["held_back"]) == ("info", 16.5, 49)
    assert "ends" not in over


def test_no_outage_is_no_line(log: Log, clock: list[float]) -> None:
    for _ in range(3):
        log.own.info("the database answers again", ends="the database does not answer")
    assert log.lines() == []


def test_each_trouble_is_its_own(log: Log, clock: list[float]) -> None:
    for _ in range(3):
        log.own.warning("products does not answer")
        log.own.warning("orders does not answer")
    log.own.info("orders answers again", ends="orders does not answer")
    assert log.events() == ["products does not answer", "orders does not answer", "orders answers again"]


def test_what_comes_and_goes_is_told_once_in_ten_seconds(log: Log, clock: list[float]) -> None:
    for number in range(200):
        clock[0] = number / 10
        log.own.warning("down")
        log.own.info("back", ends="down")
    assert log.events() == ["down", "back", "down", "back"]
    assert log.lines()[2]["held_back"] == 99


def test_what_happened_is_never_held_back(log: Log, clock: list[float]) -> None:
    """Dead letters, bugs, background work that died, and ordinary lines."""
    for number in range(3):
        log.own.error("dead letter", record=number)
        log.own.critical("background work died", exc_info=ValueError(number))
        log.own.info("order decided", order_id=number)
    assert log.events() == ["dead letter", "background work died", "order decided"] * 3
    assert "ValueError: 2" in log.lines()[7]["exception"]


def test_a_library_is_one_voice_without_stacks(log: Log, clock: list[float]) -> None:
    aiokafka = logging.getLogger("aiokafka.conn")
    for number in range(20):
        clock[0] = number
        aiokafka.error("Unable connect to node %s", number)
        logging.getLogger("aiokafka.client").warning("Topic %s is not available", number)
        logging.getLogger("aiokafka.client").info("Joined group")
        logging.getLogger("asyncio").error("Task exception was never retrieved", exc_info=KafkaConnectionError("gone"))
    assert log.events() == [
        "Unable connect to node 0",
        "Task exception was never retrieved: KafkaConnectionError('gone')",
        "Unable connect to node 10 (and 19 lines held back)",
        "Task exception was never retrieved: KafkaConnectionError('gone') (and 9 lines held back)",
    ]
    assert not any("exception" in line for line in log.lines())


def test_a_bug_in_a_task_keeps_its_stack_every_time(log: Log, clock: list[float]) -> None:
    for _ in range(3):
        logging.getLogger("asyncio").error("Task exception was never retrieved", exc_info=KeyError("a bug"))
    assert ["KeyError: 'a bug'" in line["exception"] for line in log.lines()] == [True] * 3


def test_the_servers_own_lines_have_the_same_format(log: Log) -> None:
    logging.getLogger("uvicorn.error").info("Shutting down")
    assert log.events() == ["Shutting down"]


def test_removing_it_makes_a_storm(log: Log, clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "EVERY_SECONDS", 0)
    for _ in range(150):
        log.own.warning("the database does not answer")
    assert len(log.lines()) == 150
