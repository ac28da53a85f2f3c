"""Whatever is killed, every order that was answered 201 is decided, once, and the stock is right."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from local_stack.errors import StackError
from local_stack.stack import Stack

from tests.invariants import always, check
from tests.shop import Books, Shop, eventually

More = Callable[[int], Awaitable[None]]
PACE = 0.05
"""Seconds between two orders of a buyer: a machine that is all load heals nothing."""


@asynccontextmanager
async def buyers(shop: Shop, name: str, count: int = 4) -> AsyncIterator[More]:
    """Buyers who order one piece after the other until the block ends; then all of theirs are decided.

    Yields a function that returns when so many more orders were placed.
    """
    ids: list[str] = []
    stop = asyncio.Event()

    async def buyer(number: int) -> None:
        while not stop.is_set():
            ids.append(await shop.order(f"buyer{number}@example.test", (name, 1)))
            await asyncio.sleep(PACE)

    async def more(orders: int) -> None:
        wanted = len(ids) + orders

        async def placed() -> bool:
            return len(ids) >= wanted

        await eventually(placed, f"{orders} more orders are placed", 60)

    tasks = [asyncio.create_task(buyer(number)) for number in range(count)]
    async with always(shop.stack):
        try:
            yield more
        finally:
            stop.set()
            await asyncio.gather(*tasks)
        assert await shop.statuses(ids, 90) == {"ACCEPTED": len(ids)}


async def do(work: Callable[[], None]) -> None:
    await asyncio.to_thread(work)


@pytest.mark.parametrize("victim", ["orders-ms", "products-ms"])
async def test_a_service_killed_again_and_again(shop: Shop, stack: Stack, books: Books, victim: str) -> None:
    """Kills at random moments under load fall between commit and publish, too."""
    name, chance = await shop.add_product(100_000), random.Random(victim)
    async with buyers(shop, name) as more:
        for _ in range(4):
            await more(chance.randint(1, 20))
            await asyncio.sleep(chance.uniform(0, PACE))
            try:
                await do(lambda: stack.kill(victim))
            except StackError:
                continue  # it is just coming back from the last one
        await more(5)
    await check(stack, books)


async def test_the_publish_after_the_commit_is_lost(shop: Shop, stack: Stack, books: Books) -> None:
    """Without a broker the order is committed and can't be asked; then orders-ms dies with all it had in memory."""
    name = await shop.add_product(100)
    await do(lambda: stack.stop_process("broker"))
    ids = [await shop.order("aaa@aaa.com", (name, 1)) for _ in range(5)]
    await do(lambda: stack.kill("orders-ms"))
    await do(lambda: stack.start_process("broker"))
    assert await shop.statuses(ids, 90) == {"ACCEPTED": 5}
    await do(lambda: stack.wait_healthy(60))
    assert await shop.quantity(name) == 95
    await check(stack, books)


async def test_a_wiped_broker(shop: Shop, stack: Stack, books: Books) -> None:
    name = await shop.add_product(100_000)
    async with buyers(shop, name) as more:
        await more(20)
        await do(stack.wipe_broker)
        await more(20)
    await shop.restock(name, 7)
    await check(stack, books)


@pytest.mark.parametrize(
    "victim", ["orders-db", "products-db", "authentication-db", "broker", "gateway-ms", "authentication-ms"]
)
async def test_one_kill_under_load(shop: Shop, stack: Stack, books: Books, victim: str) -> None:
    name = await shop.add_product(100_000)
    async with buyers(shop, name) as more:
        await more(10)
        await do(lambda: stack.kill(victim))
        await more(10)
    await do(lambda: stack.wait_healthy(60))
    await check(stack, books)
