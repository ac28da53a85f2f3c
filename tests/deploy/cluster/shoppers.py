"""Customers who order all the time, and what they were answered: nothing is repeated and nothing is forgiven.

Each request has a connection of its own, as from a proxy that does not know yet which connections will last. What stays
open between the shop's own parts is what they keep open themselves.
"""

import asyncio
import secrets
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.deploy.cluster.installed import Installed

BUYERS = 3
PAUSE = 0.2
SHELF = 100_000


@dataclass
class Shoppers:
    """`placed` are the orders answered 201, by id; `failures` is every other answer."""

    url: str
    headers: dict[str, str]
    product: str
    placed: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def arrived(cls, shop: Installed) -> AsyncIterator["Shoppers"]:
        """They have an account, and there is a full shelf of a product that the whole shop knows."""
        unique = secrets.token_hex(4)
        account = {"email": f"{unique}@example.test", "password": secrets.token_urlsafe()}
        people = cls(f"{shop.url()}/api", {}, f"thing-{unique}")
        assert (await people.ask("POST", "/register", account)).status_code == 201
        await asyncio.to_thread(shop.make_admin, account["email"])
        token = (await people.ask("POST", "/login", account)).json()["access_token"]
        people.headers["Authorization"] = f"Bearer {token}"
        product = {"name": people.product, "description": "", "price": 1, "quantity": SHELF, "categories": []}
        assert (await people.ask("POST", "/products", {"product": product})).status_code == 201
        deadline = time.monotonic() + 60
        while (answer := await people.order()).status_code != 201:
            assert answer.status_code == 404, answer.text
            assert time.monotonic() < deadline, "the product is not known everywhere"
            await asyncio.sleep(0.5)
        people.failures.clear()
        yield people

    async def ask(self, verb: str, path: str, body: object = None) -> httpx2.Response:
        # The certificate is of the shop's name, and this is an address of the cluster.
        async with httpx2.AsyncClient(verify=_ANY_NAME, timeout=30) as http:
            return await http.request(verb, self.url + path, json=body, headers=self.headers)

    async def order(self) -> httpx2.Response:
        """One piece; what came of it is noted."""
        answer = await self.ask("POST", "/orders", {"products": [{"name": self.product, "quantity": 1}]})
        if answer.status_code == 201:
            self.placed.append(answer.json()["id"])
        else:
            self._failed(f"POST /orders: {answer.status_code} {answer.text[:200]}")
        return answer

    @asynccontextmanager
    async def shopping(self) -> AsyncIterator[None]:
        """They order and look around until the block ends."""
        done = asyncio.Event()
        tasks = [asyncio.create_task(self._buy(done)) for _ in range(BUYERS)]
        try:
            yield
        finally:
            done.set()
            await asyncio.gather(*tasks)

    async def _buy(self, done: asyncio.Event) -> None:
        while not done.is_set():
            for request in (self.order(), self._look("/products"), self._look("/orders")):
                try:
                    await request
                except httpx2.TransportError as error:
                    self._failed(f"{type(error).__name__}: {error}")
                await asyncio.sleep(PAUSE)

    async def _look(self, path: str) -> None:
        answer = await self.ask("GET", path)
        if answer.status_code != 200:
            self._failed(f"GET {path}: {answer.status_code} {answer.text[:200]}")

    def _failed(self, what: str) -> None:
        self.failures.append(f"{time.strftime('%X')} {what}")

    async def statuses(self, seconds: float = 120) -> dict[str, str]:
        """What became of every order that was placed, when none is pending any more or the time is over."""
        deadline = time.monotonic() + seconds
        found: dict[str, str] = {}
        while True:
            for order in [one for one in self.placed if found.get(one, "PENDING") == "PENDING"]:
                answer = await self.ask("GET", f"/orders/{order}")
                found[order] = answer.json()["status"] if answer.status_code == 200 else f"LOST {answer.status_code}"
            if "PENDING" not in found.values() or time.monotonic() > deadline:
                return found
            await asyncio.sleep(0.5)

    async def orders(self) -> list[str]:
        """Every order of theirs, by id, as the shop lists them."""
        return [one["id"] for one in (await self.ask("GET", "/orders")).json()["orders"]]

    async def left(self) -> int:
        """How many pieces are on the shelf."""
        answer: dict[str, Any] = (await self.ask("GET", f"/products?name={self.product}")).json()
        left: int = answer["products"][0]["quantity"]
        return left


_ANY_NAME = ssl.create_default_context()
_ANY_NAME.check_hostname = False
_ANY_NAME.verify_mode = ssl.CERT_NONE
