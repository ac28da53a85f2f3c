"""The life of a service: it starts when its database lets it, works, and ends within seconds.

- While what the start needs is down, the service listens all the same, refuses requests, is alive and not ready: so it
  needs no restart to begin, and can be stopped.
- The end has a limit, which begins when DRAIN_SECONDS are over (shop_kit/drain.py). What can't be ended by then, such
  as the session of a broker that is down, dies with the process: nothing that was promised is in memory only.

Tested in tests/test_shutdown.py by stopping every service under load, and beside dependencies that are down.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog
from fastapi import FastAPI

from shop_kit.endings import when_told_to_end
from shop_kit.errors import UnavailableError
from shop_kit.tasks import Work, report, running
from shop_kit.waiting import until_possible

log = structlog.get_logger()

START_SECONDS = 3.0
"""How long a start is waited for before the service listens."""
CLOSE_SECONDS = 3.5
"""For all that has to end. With the 3 s that the server gives requests under way, it fits into 10 s,
on a busy machine, too."""

Close = Callable[[], Awaitable[object]]


class Life:
    """A lifespan for FastAPI: first `begin`, then `work` in the background; at the end each of `close`, in its order.
    `leave` is called before that, as soon as the process is told to end: it ends the answers that have no end.

    What `begin` raises beside an outage fails the start.
    """

    def __init__(
        self,
        begin: Work,
        work: tuple[Work, ...] = (),
        close: tuple[Close, ...] = (),
        leave: Callable[[], None] = lambda: None,
    ):
        self._begin = begin
        self._work = work
        self._close = close
        self._leave = leave
        self._begun = asyncio.Event()

    async def check(self) -> None:
        """Readiness: the start is done."""
        if not self._begun.is_set():
            raise UnavailableError()

    @contextlib.asynccontextmanager
    async def __call__(self, app: FastAPI) -> AsyncIterator[None]:
        living = asyncio.create_task(self._live())
        begun = asyncio.create_task(self._begun.wait())
        await asyncio.wait((living, begun), timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        begun.cancel()
        if living.done():
            living.result()
        living.add_done_callback(report)
        try:
            with when_told_to_end(self._leave):
                yield
        finally:
            living.cancel()
            end = asyncio.create_task(self._end(living))
            # Not wait_for: a client that swallows its cancellation would make it wait for ever.
            _, unfinished = await asyncio.wait((end,), timeout=CLOSE_SECONDS)
            if unfinished:
                log.warning("ended without the leave of a part that does not answer")

    async def _live(self) -> None:
        await until_possible(self._begin, "the start")
        self._begun.set()
        async with running(*self._work):
            await asyncio.Event().wait()

    async def _end(self, living: asyncio.Task[None]) -> None:
        await asyncio.wait((living,))
        for close in self._close:
            await close()
