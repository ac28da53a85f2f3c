"""Holds one side of a race at an exact point of its code while its rival runs. For tests."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

LIMIT_SECONDS = 30.0
"""A safety net: whoever takes longer hangs."""

T = TypeVar("T")


class Point:
    """Where the `call`-th call of an object's async method has its result; or, with `before`, where it has not begun.

    Whoever comes there waits until `let_go`. Other calls pass, and so do other objects of the class.
    """

    def __init__(self, owner: object, method: str, *, before: bool = False, call: int = 1):
        self._method = getattr(owner, method)
        self._before = before
        self._call = call
        self._calls = 0
        self._reached, self._let_go = asyncio.Event(), asyncio.Event()
        setattr(owner, method, self._through)

    async def _through(self, *args: Any, **kwargs: Any) -> Any:
        self._calls += 1
        here = self._calls == self._call
        if here and self._before:
            await self._hold()
        result = await self._method(*args, **kwargs)
        if here and not self._before:
            await self._hold()
        return result

    async def _hold(self) -> None:
        self._reached.set()
        await self._let_go.wait()

    async def reached(self) -> None:
        await self._reached.wait()

    def let_go(self) -> None:
        self._let_go.set()


async def run_until(side: Coroutine[Any, Any, T], point: Point) -> asyncio.Task[T]:
    """Start `side`; return when it has come to `point`, or to its end."""
    task, coming = asyncio.create_task(side), asyncio.create_task(point.reached())
    done, _ = await asyncio.wait((task, coming), timeout=LIMIT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    coming.cancel()
    assert done, "it hangs on its way to the point"
    return task


async def run_until_again(side: Coroutine[Any, Any, T], owner: object, method: str) -> asyncio.Task[T]:
    """Start `side`; return at its end, or when a conflict makes it call the method again. Nobody holds it there."""
    again = Point(owner, method, before=True, call=2)
    again.let_go()
    return await run_until(side, again)


@asynccontextmanager
async def held(side: Coroutine[Any, Any, T], point: Point) -> AsyncIterator[asyncio.Task[T]]:
    """Run `side` until it is held at `point`, then the body, then `side` to its end, whatever that is.

    Fails if `side` ends without coming to the point.
    """
    task = await run_until(side, point)
    try:
        assert not task.done(), f"it did not come to the point: {task}"
        yield task
    finally:
        point.let_go()
        _, unfinished = await asyncio.wait((task,), timeout=LIMIT_SECONDS)
        assert not unfinished, "it hangs after the point"
