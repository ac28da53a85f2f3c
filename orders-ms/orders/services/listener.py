"""One who listens to what becomes of a customer's orders: a queue with an end."""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from orders.models import Order

QUEUED = 100
"""How many changes wait for a slow reader. With one more it is cut off, and comes back with its token."""


@dataclass(frozen=True, slots=True)
class Change:
    token: str
    order: Order


class Say(Enum):
    """READY: read anew, and listen to what follows. END: nothing follows."""

    READY = "ready"
    END = "end"


class Listener:
    """One who listens; `before` is what it is told first."""

    def __init__(self, before: Iterable[Change | Say]):
        self._waiting = deque(before)
        self._told = asyncio.Event()

    def tell(self, what: Change | Say) -> bool:
        """False if it is told to end, as it has too much to read, or as that is what it is told."""
        if what is Say.END or len(self._waiting) >= QUEUED:
            self._waiting.clear()
            what = Say.END
        self._waiting.append(what)
        self._told.set()
        return what is not Say.END

    async def next(self) -> Change | Say:
        while not self._waiting:
            self._told.clear()
            await self._told.wait()
        return self._waiting.popleft()
