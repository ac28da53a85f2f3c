"""What the tests of products-ms share."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import Any

import httpx2
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from bson import ObjectId
from joserfc import jwt
from joserfc.jwk import OctKey
from products.app import create_app
from products.models import Line, Order, Product
from products.repositories.ledger import Ledger
from products.repositories.products import Products, product
from products.services.decisions import Decisions
from products.settings import Settings
from pymongo.asynchronous.database import AsyncDatabase
from shop_events import Event
from shop_kit.mongo import Document, Mongo

SECRET = "0123456789abcdef0123456789abcdef"
KITCHEN = ObjectId("22fefe4a1cad4140785928a4")


def example(event: type[Event], which: str = "") -> str:
    """An example file of the event, which the other side's tests execute too."""
    return files("shop_events").joinpath("examples", f"{event.__name__}{which}.json").read_text("utf-8")


def token(role: str, **changes: Any) -> str:
    claims = {"email": f"{role}@example.test", "role": role, "exp": int(time.time()) + 600} | changes
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))


def order(number: int, *lines: tuple[str, int]) -> Order:
    return Order(ObjectId(f"{number:024x}"), tuple(Line(name, count) for name, count in lines))


class Store:
    """products-db without the service around it."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.mongo = Mongo(settings, "tests")
        self.db: AsyncDatabase[Document] = self.mongo.db
        self.products, self.ledger = Products(self.mongo), Ledger(self.mongo)
        self.decisions = Decisions(self.mongo, self.ledger, self.products)

    async def add(self, name: str, quantity: int, price: str = "5.99") -> Product:
        new = Product(ObjectId(), name, "", f"A {name}", Decimal(price), quantity, (), 1)
        return await self.mongo.transact(lambda session: self.products.add(new, session))

    async def all(self) -> list[Product]:
        return [product(d) async for d in self.db.products.find().sort("_id")]

    async def stock(self) -> dict[str, int]:
        return {d["name"]: d["quantity"] async for d in self.db.products.find().sort("name")}

    async def everything(self) -> dict[str, list[Document]]:
        """All documents but for their outbox, which changes in the background; equal if nothing was done between."""
        # The names of pictures are the hashes of their bytes, which would be much to read.
        without = {"outbox": 0, "data": 0}
        return {name: await self.db[name].find({}, without).sort("_id").to_list() for name in COLLECTIONS}


COLLECTIONS = ("products", "listings", "categories", "orders", "restocks", "pictures")


@dataclass
class Shop:
    """The service, started, with a client to call it and its database behind its back."""

    client: httpx2.AsyncClient
    store: Store

    async def get(self, path: str, **params: str) -> httpx2.Response:
        return await self.client.get(path, params=params)

    async def post(self, path: str, body: Any = None, role: str | None = "admin", **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if role:
            named["Authorization"] = f"Bearer {token(role)}"
        return await self.client.post(path, json=body, headers=named)

    async def put_picture(
        self, slug: str, upload: bytes | AsyncIterator[bytes], role: str | None = "admin", **headers: str
    ) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if role:
            named["Authorization"] = f"Bearer {token(role)}"
        return await self.client.put(f"/products/{slug}/picture", content=upload, headers=named)

    async def add(self, name: str, **fields: Any) -> httpx2.Response:
        product = {"name": name, "description": "d", "price": 1, "quantity": 1, "categories": []}
        return await self.post("/products", {"product": product | fields})

    async def names(self, **params: str) -> list[str]:
        answer = await self.get("/products", **params)
        assert answer.status_code == 200, answer.text
        return [product["name"] for product in answer.json()["products"]]


@asynccontextmanager
async def running_shop(store: Store) -> AsyncIterator[Shop]:
    app = create_app()
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield Shop(client, store)


async def eventually(check: Callable[[], Awaitable[Any]], seconds: float = 20) -> None:
    """Wait until `check` is true; fails when the time is over."""
    deadline = time.monotonic() + seconds
    while not await check():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


async def read(
    bootstrap: str, topics: Sequence[str], count: int, seconds: float = 20
) -> list[ConsumerRecord[Any, Any]]:
    """The first `count` messages of some topics."""
    reader = AIOKafkaConsumer(
        *topics,
        bootstrap_servers=bootstrap,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=10,
        metadata_max_age_ms=500,
    )
    found: list[ConsumerRecord[Any, Any]] = []
    await reader.start()
    try:
        async with asyncio.timeout(seconds):
            while len(found) < count:
                for records in (await reader.getmany(timeout_ms=200)).values():
                    found.extend(records)
    finally:
        await reader.stop()
    return found
