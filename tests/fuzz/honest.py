"""A few honest buyers and an admin, who go on with their business through the same gateway."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import httpx2

from tests.shop import Shop

PACE = 0.5
"""Seconds between what one of them does and the next."""
REFUSALS = ("The requested amount does not exist.",)


class Honest:
    """Counts what it did; `wrong` are answers that no honest client should get."""

    def __init__(self, shop: Shop, random: Random, names: list[str]):
        self._shop, self._random, self._names = shop, random, names
        self.orders, self.refused, self.restocks = 0, 0, 0
        self.wrong: list[str] = []

    @asynccontextmanager
    async def trade(self, buyers: int = 3) -> AsyncIterator[None]:
        """They trade until the block ends."""
        over = asyncio.Event()
        tasks = [asyncio.create_task(self._again(over, self._buy, n)) for n in range(buyers)]
        tasks.append(asyncio.create_task(self._again(over, self._restock, 0)))
        try:
            yield
        finally:
            over.set()
            await asyncio.gather(*tasks)

    async def _again(self, over: asyncio.Event, act: object, number: int) -> None:
        while not over.is_set():
            try:
                await act(number)  # type: ignore[operator]
            except (AssertionError, httpx2.HTTPError, KeyError) as error:
                self.wrong.append(f"{type(error).__name__}: {error}"[:300])
            await asyncio.sleep(PACE)

    async def _buy(self, number: int) -> None:
        email = f"honest{number}@example.test"
        wanted = {"products": [{"name": self._random.choice(self._names), "quantity": self._random.randint(1, 3)}]}
        key = f"honest-{number}-{self.orders}-{self.refused}-{len(self.wrong)}"
        answer = await self._shop.call("POST", "/orders", wanted, self._shop.token(email), key)
        if answer.status_code == 404:
            assert answer.json()["detail"] in REFUSALS, answer.text
            self.refused += 1
            return
        assert answer.status_code == 201, f"{answer.status_code} {answer.text}"
        placed = answer.json()
        self._shop.books.orders[placed["id"]] = {"client_email": email, "products": placed["products"]}
        self.orders += 1
        assert placed["products"][0]["name"] == wanted["products"][0]["name"]
        mine = await self._shop.call("GET", f"/orders/{placed['id']}", token=self._shop.token(email))
        assert mine.status_code == 200 and mine.json()["id"] == placed["id"], mine.text

    async def _restock(self, _: int) -> None:
        await self._shop.restock(self._random.choice(self._names), self._random.randint(1, 9))
        self.restocks += 1
