"""A service that dies at the worst moment, between its commit and its publish or right after, loses nothing."""

import asyncio
from pathlib import Path

import pytest
from local_stack.stack import Stack

from tests.invariants import always, check
from tests.shop import Books, Shop, eventually

MOMENTS = [
    ("orders-ms", "before-OrderCreate"),
    ("products-ms", "before-OrderStatusUpdate"),
    ("products-ms", "after-OrderStatusUpdate"),
    ("products-ms", "before-ProductsQuantityUpdate"),
]


@pytest.mark.parametrize(("victim", "moment"), MOMENTS)
async def test_it_dies_and_all_is_decided(
    shop: Shop, stack: Stack, books: Books, lethal: Path, victim: str, moment: str
) -> None:
    name, before = await shop.add_product(20), await asyncio.to_thread(stack.pid, victim)
    (lethal / moment).touch()
    async with always(stack):
        ids = await asyncio.gather(*(shop.order(f"dying{n}@example.test", (name, 3)) for n in range(8)))

        async def obeyed() -> bool:
            return not (lethal / moment).exists()

        await eventually(obeyed, "the service dies")
        assert await shop.statuses(ids, 60) == {"ACCEPTED": 6, "REJECTED": 2}
        assert await asyncio.to_thread(stack.pid, victim) != before
    await asyncio.to_thread(stack.wait_healthy, 60)
    assert await shop.quantity(name) == 2
    await check(stack, books)
