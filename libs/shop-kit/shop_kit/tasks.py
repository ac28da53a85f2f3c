"""Background work of a service: started with it, repeated, and ended with it."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

import structlog

log = structlog.get_logger()

END_SECONDS = 5.0
"""How long cancelled work may take to end before it is cancelled again."""


async def every(seconds: float, what: str, work: Callable[[], Awaitable[object]]) -> None:
    """Do `work` about every `seconds` until cancelled. A failure is one log line and doubles the pause."""
    failures = 0
    while True:
        try:
            await work()
            failures = 0
        except Exception as error:
            failures = min(failures + 1, 4)
            log.warning(f"{what} failed", error=f"{type(error).__name__}: {error}"[:200])
        await asyncio.sleep(seconds * 2**failures * random.uniform(0.7, 1.3))  # noqa: S311


@contextlib.asynccontextmanager
async def running(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run `work` beside the body, and end it after. Work that dies by a bug takes the process down with a log line.

    It is cancelled until it ends: aiokafka swallows a cancellation now and then, and the work would go on for ever.
    """
    tasks = [asyncio.create_task(w) for w in work]
    for task in tasks:
        task.add_done_callback(_report)
    try:
        yield
    finally:
        while going_on := [task for task in tasks if not task.done()]:
            for task in going_on:
                task.cancel()
            await asyncio.wait(going_on, timeout=END_SECONDS)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.critical("background work died", exc_info=task.exception())
        raise SystemExit(70) from task.exception()
