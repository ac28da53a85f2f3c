"""Whatever needs a database or a broker waits while it is down."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

import structlog

from shop_kit.transient import is_transient

log = structlog.get_logger()

LONGEST_WAIT = 10.0
UNREMARKABLE_SECONDS = 1.0


async def until_possible(work: Callable[[], Awaitable[None]], what: str) -> None:
    """Do `work`, and while the database or the broker is down again, for ever, with a doubling pause.

    Raises what is no outage, but a bug or this very work's fault.
    """
    wait, began, waits = 0.1, time.monotonic(), f"{what} waits for the database or the broker"
    while True:
        try:
            await work()
        except Exception as error:
            if not is_transient(error):
                raise
            if time.monotonic() - began > UNREMARKABLE_SECONDS:
                log.warning(waits, error=f"{type(error).__name__}: {error}"[:200])
            await asyncio.sleep(wait * random.uniform(0.5, 1))  # noqa: S311
            wait = min(wait * 2, LONGEST_WAIT)
        else:
            log.info(f"{what} waits no longer", ends=waits)
            return
