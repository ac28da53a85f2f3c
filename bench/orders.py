"""How long an order takes, alone and among others, and how many settle in a second."""

import asyncio
import time
from collections.abc import Mapping
from itertools import count, islice
from typing import Any

import aiohttp
from pymongo import MongoClient

from bench.client import Shop, percentile
from bench.processes import cpu_seconds

NAMES = ("cutlery", "chair", "teapot", "kite", "puzzle", "hammock", "bread book", "side table")
ALONE, AMONG, BUYERS = 100, 400, 8
BURST, AT_ONCE = 3000, 96


async def measure(url: str, orders_db: str, pids: Mapping[str, int]) -> dict[str, float]:
    """Milliseconds until 201 and until decided, p50 and p99, idle and at 8 buyers; orders settled a second, and what
    each of `pids` (by name) spends on one of these."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:
        admin = await Shop(url, session).sign_in("admin@admin.com")
        for name in NAMES:
            await admin.call("POST", f"/products/{name.replace(' ', '-')}/restock", {"delta": 100_000})
        shop = await Shop(url, session).sign_in("aaa@aaa.com")
        await _wait_for_copy(shop)
        await _paced(shop, 20, 1)
        return {
            **{f"{k} idle": v for k, v in (await _paced(shop, ALONE, 1)).items()},
            **{f"{k} at {BUYERS} buyers": v for k, v in (await _paced(shop, AMONG, BUYERS)).items()},
            **await _burst(shop, orders_db, pids),
        }


async def _wait_for_copy(shop: Shop) -> None:
    async with asyncio.timeout(30):
        for name in NAMES:
            while True:
                try:
                    await shop.call("POST", "/orders", {"products": [{"name": name, "quantity": 1_000}]}, expect=201)
                    break
                except RuntimeError:
                    await asyncio.sleep(0.2)


async def _paced(shop: Shop, orders: int, buyers: int) -> dict[str, float]:
    posts: list[float] = []
    totals: list[float] = []
    numbers = iter(range(orders))

    async def buyer() -> None:
        for number in numbers:
            began = time.perf_counter()
            seconds, order_id = await shop.order(NAMES[number % len(NAMES)])
            await shop.decided(order_id, 0.004 if buyers == 1 else 0.02)
            posts.append(seconds * 1000)
            totals.append((time.perf_counter() - began) * 1000)

    await asyncio.gather(*(buyer() for _ in range(buyers)))
    return {
        "POST /orders p50 ms": percentile(posts, 0.5),
        "POST /orders p99 ms": percentile(posts, 0.99),
        "decided p50 ms": percentile(totals, 0.5),
        "decided p99 ms": percentile(totals, 0.99),
    }


async def _burst(shop: Shop, orders_db: str, pids: Mapping[str, int]) -> dict[str, float]:
    numbers = islice(count(), BURST)

    async def buyer() -> None:
        for number in numbers:
            await shop.order(NAMES[number % len(NAMES)])

    began, spent = time.perf_counter(), {name: cpu_seconds(pid) for name, pid in pids.items()}
    await asyncio.gather(*(buyer() for _ in range(AT_ONCE)))
    client: MongoClient[dict[str, Any]] = MongoClient(orders_db)
    while client.shop.orders.find_one({"outbox.due": {"$exists": True}}) is not None:
        await asyncio.sleep(0.1)
        if time.perf_counter() - began > 120:
            raise TimeoutError("orders were not decided within two minutes")
    client.close()
    costs = {f"CPU us an order, {name}": (cpu_seconds(pid) - spent[name]) / BURST * 1e6 for name, pid in pids.items()}
    return {f"orders settled a second, {AT_ONCE} buyers": BURST / (time.perf_counter() - began)} | costs
