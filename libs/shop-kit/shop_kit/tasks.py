"""Background work of a service: repeated, and run beside something else."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

import structlog

Work = Callable[[], Coroutine[Any, Any, None]]
log = structlog.get_logger()

END_SECONDS = 2.0
"""How long cancelled work may take to end before it is cancelled again."""


def every(seconds: float, what: str, work: Callable[[], Awaitable[object]]) -> Work:
    """Work that does `work` about every `seconds` until cancelled. A failure is logged and doubles the pause."""

    async def repeat() -> None:
        failures = 0
        while True:
            try:
                await work()
                failures = 0
                log.info(f"{what} works again", ends=f"{what} failed")
            except Exception as error:
                failures = min(failures + 1, 4)
                log.warning(f"{what} failed", error=f"{type(error).__name__}: {error}"[:200])
            await asyncio.sleep(seconds * 2**failures * random.uniform(0.7, 1.3))  # noqa: S311

    return repeat


@contextlib.asynccontextmanager
async def running(*work: Work) -> AsyncIterator[None]:
    """Run `work` beside the body, and end it after. Work that dies by a bug takes the process down with a log line.

    It is cancelled until it ends: aiokafka swallows a cancellation now and then, and the work would go on for ever.
    """
    tasks = [asyncio.create_task(w()) for w in work]
    for task in tasks:
        task.add_done_callback(report)
    try:
        yield
    finally:
        while going_on := [task for task in tasks if not task.done()]:
            for task in going_on:
                task.cancel()
            await asyncio.wait(going_on, timeout=END_SECONDS)


def report(task: asyncio.Task[None]) -> None:
    """To be called when background work is over: if it died by a bug, the process ends with exit code 70."""
    if not task.cancelled() and task.exception() is not None:
        log.critical("background work died", exc_info=task.exception())
        raise SystemExit(70) from task.exception()
