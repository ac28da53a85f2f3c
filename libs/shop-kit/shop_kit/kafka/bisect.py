"""One bad event never stops its neighbours: a chunk that fails is halved until the bad one stands alone.

Tested in shop-kit/tests/test_bisect.py; without it a poison message would loop for ever.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog

from shop_kit.kafka.transient import is_transient

T = TypeVar("T")
log = structlog.get_logger()

LONGEST_WAIT = 10.0


async def handle_all(
    items: Sequence[T],
    handle: Callable[[Sequence[T]], Awaitable[None]],
    bury: Callable[[T, Exception], Awaitable[None]],
) -> None:
    """Handle `items` together; return when each was handled or buried.

    Handling must be idempotent: after a failure, items that succeeded beside a bad one are handled again. While the
    database or the broker is down the same items are tried again, for ever, with a doubling pause.
    """
    try:
        await _until_possible(lambda: handle(items))
    except Exception as error:
        cause = error
    else:
        return
    if len(items) == 1:
        await _until_possible(lambda: bury(items[0], cause))
        return
    middle = len(items) // 2
    await handle_all(items[:middle], handle, bury)
    await handle_all(items[middle:], handle, bury)


async def _until_possible(work: Callable[[], Awaitable[None]]) -> None:
    wait = 0.1
    while True:
        try:
            return await work()
        except Exception as error:
            if not is_transient(error):
                raise
            if wait > 1:
                log.warning("waiting for the database or the broker", error=f"{type(error).__name__}: {error}"[:200])
            await asyncio.sleep(wait * random.uniform(0.5, 1))  # noqa: S311
            wait = min(wait * 2, LONGEST_WAIT)
