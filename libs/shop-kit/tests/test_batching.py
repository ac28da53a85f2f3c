"""Callers that wait at the same time share a round trip; none gets another's result."""

import asyncio
from collections.abc import Sequence

import pytest
from shop_kit.batching import Batcher


class Doubling:
    """Doubles numbers, in batches; waits until `free`, and fails while `broken`."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.free = asyncio.Event()
        self.began = asyncio.Event()
        self.broken = False

    async def __call__(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        self.began.set()
        await self.free.wait()
        if self.broken:
            raise ConnectionError("down")
        return [2 * item for item in items]


async def test_while_one_batch_is_worked_on_the_next_gathers() -> None:
    work = Doubling()
    batcher = Batcher(work, most=4)
    callers = [asyncio.create_task(batcher(0))]
    await work.began.wait()
    callers += [asyncio.create_task(batcher(n)) for n in range(1, 7)]
    await asyncio.sleep(0)
    work.free.set()
    assert await asyncio.gather(*callers) == [0, 2, 4, 6, 8, 10, 12]
    assert work.batches == [[0], [1, 2, 3, 4], [5, 6]]


async def test_an_error_reaches_its_callers_and_nobody_after_them() -> None:
    work = Doubling()
    work.free.set()
    work.broken = True
    batcher = Batcher(work)
    results = await asyncio.gather(batcher(1), batcher(2), return_exceptions=True)
    assert [type(result) for result in results] == [ConnectionError, ConnectionError]
    work.broken = False
    assert await batcher(3) == 6


async def test_a_caller_that_leaves_does_not_disturb_the_others() -> None:
    work = Doubling()
    batcher = Batcher(work)
    first, second = asyncio.create_task(batcher(1)), asyncio.create_task(batcher(2))
    await work.began.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    work.free.set()
    assert await second == 4
    assert work.batches == [[1, 2]]
