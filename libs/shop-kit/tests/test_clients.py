"""A client that is told to end while it starts leaves no connection open."""

import asyncio
import contextlib
import gc
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from kit_testing import unique
from shop_kit.kafka import Message, Publisher
from shop_kit.kafka.clients import Client, start, stop_quietly
from shop_kit.settings import KafkaSettings

TRIES = 60


@contextlib.asynccontextmanager
async def cut_short(begin: Coroutine[Any, Any, None], seconds: float) -> AsyncIterator[float]:
    """Cancel `begin` after so many seconds; gives the seconds it took."""
    began, running = time.monotonic(), asyncio.create_task(begin)
    await asyncio.wait((running,), timeout=seconds)
    running.cancel()
    await asyncio.wait((running,))
    yield time.monotonic() - began


async def left_open(one: Callable[[float], Coroutine[Any, Any, float]]) -> list[str]:
    """What the event loop reports of many that are cut short, at moments spread over the time that one takes."""
    reported: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["message"]))
    await one(5)
    whole = await one(5)
    for number in range(TRIES):
        await one(whole * number / TRIES)
        gc.collect()
    return reported


@pytest.mark.parametrize("kind", [AIOKafkaProducer, AIOKafkaConsumer])
@pytest.mark.filterwarnings("ignore:Unclosed:ResourceWarning")
async def test_a_start_that_is_cut_short(kafka: KafkaSettings, kind: Callable[..., Client]) -> None:
    async def one(seconds: float) -> float:
        client = kind(bootstrap_servers=kafka.kafka_bootstrap_servers)
        async with cut_short(start(client, 5), seconds) as took:
            await stop_quietly(client)
        return took

    assert await left_open(one) == []


@pytest.mark.filterwarnings("ignore:Unclosed:ResourceWarning")
async def test_a_publisher_that_is_told_to_end_while_it_starts(kafka: KafkaSettings) -> None:
    topic = unique("cut")

    async def one(seconds: float) -> float:
        publisher = Publisher(kafka)
        async with cut_short(publisher.publish([Message(topic, None, b"v")]), seconds) as took:
            await publisher.close()
        return took

    assert await left_open(one) == []


async def test_a_start_that_takes_too_long() -> None:
    class Hanging:
        cancelled = False

        async def start(self) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                self.cancelled = True

        async def stop(self) -> None: ...

    client = Hanging()
    with pytest.raises(TimeoutError):
        await start(client, 0.01)
    await asyncio.sleep(0)
    assert client.cancelled
