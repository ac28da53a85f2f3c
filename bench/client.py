"""A small load generator: keep-alive connections, bounded in count."""

import asyncio
import json
import time
from collections.abc import Sequence
from typing import Any

import aiohttp


class Shop:
    """A signed-in client of the shop at `url`."""

    def __init__(self, url: str, session: aiohttp.ClientSession):
        self._url = url
        self._session = session
        self._headers: dict[str, str] = {}

    async def sign_in(self, email: str) -> "Shop":
        """Sign in as a demo account, whose password is its e-mail."""
        answer = await self.call("POST", "/login", {"email": email, "password": email}, expect=200)
        self._headers = {"Authorization": f"Bearer {answer['access_token']}"}
        return self

    async def call(self, method: str, path: str, body: object = None, expect: int = 200) -> Any:
        """The JSON answer of one request. Raises RuntimeError if its status is another one."""
        async with self._session.request(method, self._url + path, json=body, headers=self._headers) as answer:
            text = await answer.text()
            if answer.status != expect:
                raise RuntimeError(f"{method} {path}: {answer.status} {text[:200]}")
            return json.loads(text)

    async def order(self, name: str) -> tuple[float, str]:
        """Order one piece; the seconds until 201, and the order's id."""
        began = time.perf_counter()
        order = await self.call("POST", "/orders", {"products": [{"name": name, "quantity": 1}]}, expect=201)
        return time.perf_counter() - began, order["id"]

    async def decided(self, order_id: str, pause: float) -> str:
        """Wait for the decision, asking every `pause` seconds; raises TimeoutError after 30 s."""
        async with asyncio.timeout(30):
            while (status := (await self.call("GET", f"/orders/{order_id}"))["status"]) == "PENDING":
                await asyncio.sleep(pause)
        return str(status)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
