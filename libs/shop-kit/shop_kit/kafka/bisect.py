"""One bad event never stops its neighbours: a chunk that fails is halved until the bad one stands alone.

Tested in shop-kit/tests/test_bisect.py; without it a poison message would loop for ever.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from shop_kit.waiting import until_possible

T = TypeVar("T")

WORK = "the handling of events"


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
        await until_possible(lambda: handle(items), WORK)
    except Exception as error:
        cause = error
    else:
        return
    if len(items) == 1:
        await until_possible(lambda: bury(items[0], cause), WORK)
        return
    middle = len(items) // 2
    await handle_all(items[:middle], handle, bury)
    await handle_all(items[middle:], handle, bury)
