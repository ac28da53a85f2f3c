"""How long a page of the catalogue takes: the first, one in the middle and one that is searched, of more and more."""

import asyncio
import itertools
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
from bson import ObjectId
from local_stack import embedded
from local_stack.fixtures import running
from local_stack.ports import free_ports
from local_stack.profile import Broker
from local_stack.stack import Stack
from products.domain.cursors import cursor_at
from products.models import Product
from products.repositories.listings import listing_of
from products.services.shelves import listing_name
from pymongo import MongoClient
from shop_kit.money import DecimalCodec

from bench.client import percentile

SIZES = (1_000, 10_000, 100_000)
TRIES, BATCH = 7, 20
COLOURS = ("red", "blue", "green", "black", "white", "grey", "pink", "brown", "olive", "azure")
THINGS = ("cup", "bowl", "jug", "plate", "spoon", "lamp", "table", "stool", "shelf", "clock")


def measure(folder: Path, broker: Broker) -> dict[str, float]:
    """Median milliseconds of a page of 24 from products-ms, at each number of products."""
    port = free_ports(1)
    uri = embedded.mongo_uri(port)
    alone = {"products-ms": {"MONGODB_URI": uri}}
    with (
        running(embedded.database_command(port, folder / "data", cache="1G"), port, folder / "log"),
        Stack(folder / "shop", free_ports(10), broker, alone, only={"broker", "products-ms"}) as stack,
        MongoClient[dict[str, Any]](uri) as client,
    ):
        return asyncio.run(_measure(f"http://127.0.0.1:{stack.ports['products-ms']}/products", client))


async def _measure(url: str, client: MongoClient[dict[str, Any]]) -> dict[str, float]:
    results: dict[str, float] = {}
    numbers = itertools.count()
    async with aiohttp.ClientSession() as session:
        for size in SIZES:
            _fill(client, size, numbers)
            for name, query in _pages(client).items():
                results[f"{name} of {size:,} products, p50 ms"] = await _median(session, url, query)
    return results


def _pages(client: MongoClient[dict[str, Any]]) -> dict[str, dict[str, str]]:
    listings = client.shop.listings
    [middle] = listings.find({}, {"price": 1}).sort("price").skip(listings.count_documents({}) // 2).limit(1)
    return {
        "first page": {},
        "page in the middle": {"cursor": cursor_at(middle["price"], listing_name("price", []))},
        "searched page": {"q": "gre lam 7"},
    }


async def _median(session: aiohttp.ClientSession, url: str, query: dict[str, str]) -> float:
    seconds: list[float] = []
    for _ in range(TRIES):
        began = time.perf_counter()
        async with session.get(url, params={"sort": "price", "limit": "24"} | query) as answer:
            products = (await answer.json())["products"]
        seconds.append(time.perf_counter() - began)
        if answer.status != 200 or not products:
            raise RuntimeError(f"{query}: {answer.status}, {len(products)} products")
    return percentile(seconds, 0.5) * 1000


def _fill(client: MongoClient[dict[str, Any]], size: int, numbers: Iterator[int]) -> None:
    """Add products until there are `size`. They have no outbox, so nobody is told of them."""
    db = client.shop
    missing = size - db.listings.count_documents({})
    for start in range(0, missing, BATCH):
        products = [_product(next(numbers)) for _ in range(min(BATCH, missing - start))]
        db.products.insert_many([_document(p) for p in products])
        db.listings.insert_many([listing_of(p) for p in products])


def _product(number: int) -> Product:
    colour, thing = COLOURS[number % 10], THINGS[number // 10 % 10]
    name = f"{colour} {thing} {number}"
    price = Decimal(number * 7919 % 9_973) / 100
    return Product(ObjectId(), name, name.replace(" ", "-"), "", price, 9, (), 1)


def _document(p: Product) -> dict[str, Any]:
    return {
        "_id": p.id,
        **{"name": p.name, "name_key": p.name, "slug": p.slug, "description": p.description},
        **{"price": DecimalCodec().transform_python(p.price), "quantity": p.quantity, "categories": [], "version": 1},
    }
