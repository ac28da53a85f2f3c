"""Background work ends with its service."""

import asyncio
import contextlib

import pytest
from shop_kit import tasks
from shop_kit.tasks import running


async def test_work_that_swallows_a_cancellation_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "END_SECONDS", 0.01)
    cancelled = 0

    async def deaf() -> None:
        nonlocal cancelled
        while cancelled < 3:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
            cancelled += 1

    async with asyncio.timeout(5):
        async with running(deaf):
            await asyncio.sleep(0)
    assert cancelled == 3
