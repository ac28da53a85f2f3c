"""What the tests of orders-ms share."""

import asyncio
import functools
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from decimal import Decimal
from importlib.resources import files
from typing import Any

import httpx2
import pytest_asyncio
from aiokafka import ConsumerRecord
from bson import ObjectId
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import OctKey
from orders.app import create_app
from orders.consumers.products import ProductsConsumer
from orders.repositories.copies import Copies
from orders.repositories.orders import Orders
from orders.settings import Settings
from shop_events import Event, ProductSnapshot, ProductsQuantityUpdate
from shop_kit.kafka import Delivery
from shop_kit.mongo import Document, Mongo

fixture = functools.partial(pytest_asyncio.fixture, loop_scope="session")
SECRET = "a-shared-secret-of-at-least-32-bytes"
ANN = "ann@example.test"


def token(email: str = ANN, **claims: Any) -> str:
    everything = {"email": email, "role": "user", "exp": int(time.time()) + 3600} | claims
    return jwt.encode({"alg": "HS256"}, everything, OctKey.import_key(SECRET))


def example(event: type[Event], which: str = "") -> bytes:
    """An example of the event, which the other side tests too."""
    return files("shop_events").joinpath("examples", f"{event.__name__}{which}.json").read_bytes()


def snapshot(name: str, quantity: int, version: int = 1, price: str = "1.50", key: ObjectId | None = None) -> Event:
    told = ProductSnapshot(
        id=str(key or ObjectId()), name=name, price=Decimal(price), quantity=quantity, version=version
    )
    return ProductsQuantityUpdate(products=[told])


class Service:
    """The application, started, with a client to call it, its database, and its door for events."""

    def __init__(self, app: FastAPI, client: httpx2.AsyncClient, mongo: Mongo, settings: Settings):
        self.app, self.client, self.mongo, self.db, self.settings = app, client, mongo, mongo.db, settings
        self._consumer = ProductsConsumer(Orders(mongo), Copies(mongo))

    async def tell(self, *events: Event) -> None:
        """Handle `events` as one chunk."""
        record = ConsumerRecord("", 0, 0, 0, 0, None, None, 0, 0, 0, ())
        await self._consumer.handle([Delivery(event, record) for event in events])

    async def post(self, body: Any, email: str = ANN, key: str | None = None) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token(email)}"} | ({"Idempotency-Key": key} if key is not None else {})
        return await self.client.post("/orders", json=body, headers=headers)

    async def order(self, *lines: tuple[str, int], email: str = ANN, key: str | None = None) -> httpx2.Response:
        return await self.post({"products": [{"name": n, "quantity": count} for n, count in lines]}, email, key)

    async def get(self, path: str, email: str = ANN) -> httpx2.Response:
        return await self.client.get(path, headers={"Authorization": f"Bearer {token(email)}"})

    async def stored(self) -> list[Document]:
        return await self.db.orders.find().sort("_id").to_list()


StartService = Callable[[], AbstractAsyncContextManager[Service]]


def running_service() -> AbstractAsyncContextManager[Service]:
    """The settings are read now, whenever it is entered."""
    return _running(create_app(), Settings())


@asynccontextmanager
async def _running(app: FastAPI, settings: Settings) -> AsyncIterator[Service]:
    mongo = Mongo(settings, "test")
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield Service(app, client, mongo, settings)
    await mongo.close()


async def eventually(true: Callable[[], Awaitable[object]], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not await true():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.02)


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    """Status and text of a refusal, which must be a problem+json."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    return answer.status_code, body["detail"]
