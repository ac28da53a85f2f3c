"""Work that takes a core: off the event loop, so many pieces of it at once, and a short queue for the rest."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from shop_kit.errors import UnavailableError

T = TypeVar("T")


class BoundedThreads:
    """Runs `at_once` pieces of work at the same time, while `queue` more may wait. Close it when done."""

    def __init__(self, name: str, at_once: int, queue: int):
        # The pool, not the waiting request, holds the bound: a thread goes on when its request is cancelled.
        self._pool = ThreadPoolExecutor(at_once, name)
        self._places = threading.BoundedSemaphore(at_once + queue)

    async def run(self, work: Callable[[], T]) -> T:
        """The result of `work`, or its error. Raises UnavailableError when too many are waiting."""
        if not self._places.acquire(blocking=False):
            raise UnavailableError()
        future: Future[T] = self._pool.submit(work)
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(future)

    async def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
