"""orders-ms behind a real server, and clients that read its streams of events."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import uvicorn
from orders.app import create_app
from orders.settings import Settings
from orders_testing import ANN, Service, eventually, token
from shop_kit.mongo import Mongo


@dataclass(frozen=True)
class Told:
    """One event; `seen` are its data, parsed."""

    name: str
    seen: Any
    id: str | None = None


class Stream:
    """An open stream of events."""

    def __init__(self, answer: httpx2.Response):
        self.answer = answer
        self.comments: list[str] = []
        self.retry = ""
        self._lines = answer.aiter_lines()

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


@asynccontextmanager
async def stream(
    client: httpx2.AsyncClient, email: str = ANN, last: str | None = None, **claims: Any
) -> AsyncIterator[Stream]:
    headers = {"Authorization": f"Bearer {token(email, **claims)}"} | ({"Last-Event-ID": last} if last else {})
    async with client.stream("GET", "/orders/events", headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        yield Stream(answer)


@asynccontextmanager
async def listening(client: httpx2.AsyncClient, email: str = ANN) -> AsyncIterator[Stream]:
    """A new stream, after its `ready`."""
    async with stream(client, email) as opened:
        assert await opened.next() == Told("ready", {})
        yield opened


async def _started(server: uvicorn.Server) -> bool:
    return server.started


@asynccontextmanager
async def served() -> AsyncIterator[Service]:
    """The service with the settings of now, on a port of its own."""
    settings = Settings()
    app, mongo = create_app(), Mongo(settings, "test")
    door = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=3))
    serving = asyncio.create_task(server.serve([door]))
    limits = httpx2.Limits(max_connections=None)
    url = f"http://127.0.0.1:{door.getsockname()[1]}"
    async with httpx2.AsyncClient(base_url=url, limits=limits, timeout=20) as client:
        await eventually(lambda: _started(server))
        yield Service(app, client, mongo, settings)
    server.should_exit = True
    await serving
    await mongo.close()
