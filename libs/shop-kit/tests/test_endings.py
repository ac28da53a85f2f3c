"""An answer that has no end is told of the process's end by the signal, and the server hears it, too."""

import asyncio
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

import pytest
from shop_kit.endings import when_told_to_end

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@pytest.fixture
def server() -> Iterator[list[int]]:
    """The signals that a server like uvicorn hears, which listens before its application starts."""
    heard: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        heard.append(number)

    former = {number: signal.signal(number, hear) for number in SIGNALS}
    yield heard
    for number, handler in former.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
async def test_both_hear_the_signal(server: list[int], number: int) -> None:
    told = asyncio.Event()
    before = [signal.getsignal(n) for n in SIGNALS]
    with when_told_to_end(told.set):
        os.kill(os.getpid(), number)
        await asyncio.wait_for(told.wait(), 5)
    assert server == [number]
    assert [signal.getsignal(n) for n in SIGNALS] == before
    told.clear()
    os.kill(os.getpid(), number)
    await asyncio.sleep(0)
    assert (server, told.is_set()) == ([number, number], False)


async def test_where_nobody_listened_the_signal_does_what_it_did() -> None:
    former = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        with when_told_to_end(lambda: None):
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, former)


async def test_another_thread_than_the_main_one_listens_to_nothing(server: list[int]) -> None:
    def elsewhere() -> list[object]:
        async def within() -> list[object]:
            with when_told_to_end(lambda: None):
                return [signal.getsignal(n) for n in SIGNALS]

        return asyncio.run(within())

    before = [signal.getsignal(n) for n in SIGNALS]
    with ThreadPoolExecutor() as pool:
        assert await asyncio.get_running_loop().run_in_executor(pool, elsewhere) == before
