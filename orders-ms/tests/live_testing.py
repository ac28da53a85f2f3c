"""orders-ms behind a real server, and streams of its events."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import uvicorn
from local_stack.streams import Stream, Told
from orders.app import create_app
from orders.settings import Settings
from orders_testing import ANN, Service, eventually, token
from shop_kit.mongo import Mongo


@asynccontextmanager
async def stream(
    client: httpx2.AsyncClient, email: str = ANN, last: str | None = None, **claims: Any
) -> AsyncIterator[Stream]:
    headers = {"Authorization": f"Bearer {token(email, **claims)}"} | ({"Last-Event-ID": last} if last else {})
    async with client.stream("GET", "/orders/events", headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        # Kept here: the answer is closed when nobody has its lines any more.
        opened = Stream(answer.aiter_lines())
        yield opened


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
