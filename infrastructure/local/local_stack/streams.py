"""Reads streams of Server-Sent Events. For tests."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Told:
    """One event; `seen` are its data, parsed."""

    name: str
    seen: Any
    id: str | None = None


class Stream:
    """An open stream of events, by the lines of its answer."""

    def __init__(self, lines: AsyncIterator[str]):
        self.comments: list[str] = []
        self.retry = ""
        self._lines = lines

    async def next(self, seconds: float = 15) -> Told | None:
        """The next event, or None at the end of the stream."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(seconds):
            async for line in self._lines:
                name, _, value = line.partition(":")
                if line and not name:
                    self.comments.append(value.strip())
                elif name == "retry":
                    self.retry = value.strip()
                elif line:
                    fields[name] = value.removeprefix(" ")
                elif "data" in fields:
                    return Told(fields["event"], json.loads(fields["data"]), fields.get("id"))
        return None

    async def until(self, status: str, seconds: float = 15) -> list[Told]:
        """All events up to the first of an order with this status."""
        told: list[Told] = []
        while not told or told[-1].seen.get("status") != status:
            event = await self.next(seconds)
            assert event is not None, "the stream ended"
            told.append(event)
        return told
