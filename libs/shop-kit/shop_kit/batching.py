"""Group commit: callers that wait at the same time share one round trip, and a lone caller waits for nobody."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

A = TypeVar("A")
R = TypeVar("R")


class Batcher(Generic[A, R]):
    """Turns calls with one item into calls of `work` with many; it returns one result for each item, in their order.

    While one batch is worked on, the next gathers. An error of `work` is every waiting caller's error.
    """

    def __init__(self, work: Callable[[Sequence[A]], Awaitable[Sequence[R]]], most: int = 100):
        self._work = work
        self._most = most
        self._waiting: list[tuple[A, asyncio.Future[R]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def __call__(self, item: A) -> R:
        """The result of `item`. A caller that is cancelled no longer waits; its item is worked on all the same."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                results = await self._work([item for item, _ in batch])
            except Exception as error:
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
            else:
                for (_, future), result in zip(batch, results, strict=True):
                    if not future.done():
                        future.set_result(result)
