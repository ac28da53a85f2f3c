"""The shop as its clients see it, and the books of all that was put into it."""

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey
from local_stack.stack import Stack

Json = dict[str, Any]


@dataclass
class Books:
    """What the shop promised: pieces put on the shelf by product name, and every order answered 201 by its id."""

    given: Counter[str] = field(default_factory=Counter)
    orders: dict[str, Json] = field(default_factory=dict)


class Shop:
    """A client of the gateway that keeps the books. Orders and restocks can be repeated safely: they have keys."""

    def __init__(self, stack: Stack, books: Books, http: httpx2.AsyncClient):
        self.stack, self.books, self.http = stack, books, http
        self._key = ECKey.import_key((stack.folder / "keys" / "access-token-key.pem").read_bytes())
        self._key.ensure_kid()
        self.admin = self.token("admin@admin.com", "admin")

    def token(self, email: str, role: str = "user") -> str:
        """A token as authentication-ms signs it, without the cost of a password."""
        claims = {"email": email, "role": role, "exp": int(time.time()) + 900}
        return jwt.encode({"alg": "ES256", "kid": self._key.kid}, claims, self._key)

    async def call(self, verb: str, path: str, body: object = None, token: str = "", key: str = "") -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if key:
            headers["Idempotency-Key"] = key
        return await self.http.request(verb, path, json=body, headers=headers)

    async def surely(self, verb: str, path: str, body: object, token: str, seconds: float = 60) -> Json:
        """The answer, however often one must ask: the key makes it happen once."""
        end, key = time.monotonic() + seconds, secrets.token_hex(8)
        while True:
            try:
                answer = await self.call(verb, path, body, token, key)
                if answer.status_code in (200, 201):
                    return dict(answer.json())
                assert answer.status_code == 503, answer.text
            except httpx2.TransportError:
                pass
            assert time.monotonic() < end, "the shop does not come back"
            await asyncio.sleep(0.1)

    async def add_product(self, quantity: int, price: str = "1.50") -> str:
        """The name of a new product that the copy knows of."""
        name = f"thing {secrets.token_hex(6)}"
        product = {"name": name, "description": "", "price": price, "quantity": quantity, "categories": []}
        answer = await self.call("POST", "/products", {"product": product}, self.admin)
        assert answer.status_code == 201, answer.text
        self.books.given[name] += quantity

        async def known() -> bool:
            wanted = {"products": [{"name": name, "quantity": quantity + 1}]}
            answer = await self.call("POST", "/orders", wanted, self.token("looker@example.test"))
            return bool(answer.json()["detail"] == "The requested amount does not exist.")

        await eventually(known, "the copy knows the new product")
        return name

    async def restock(self, name: str, delta: int) -> None:
        await self.surely("POST", f"/products/{name.replace(' ', '-')}/restock", {"delta": delta}, self.admin)
        self.books.given[name] += delta

    async def order(self, email: str, *lines: tuple[str, int]) -> str:
        """The id of a new order, noted in the books."""
        wanted = {"products": [{"name": name, "quantity": count} for name, count in lines]}
        placed = await self.surely("POST", "/orders", wanted, self.token(email))
        self.books.orders[placed["id"]] = {"client_email": email, "products": placed["products"]}
        return str(placed["id"])

    async def orders_of(self, email: str) -> list[Json]:
        answer = await self.call("GET", "/orders", token=self.token(email))
        assert answer.status_code == 200, answer.text
        return list(answer.json()["orders"])

    async def status(self, order_id: str, seconds: float = 30) -> str:
        """The final status of an order in the books."""
        token = self.token(self.books.orders[order_id]["client_email"])
        found: Json = {}

        async def decided() -> bool:
            nonlocal found
            try:
                answer = await self.call("GET", f"/orders/{order_id}", token=token)
            except httpx2.TransportError:
                return False
            assert answer.status_code in (200, 503), answer.text
            found = answer.json()
            return answer.status_code == 200 and bool(found["status"] != "PENDING")

        await eventually(decided, "the order is decided", seconds)
        return str(found["status"])

    async def statuses(self, order_ids: Iterable[str], seconds: float = 30) -> Counter[str]:
        """How many have which final status. They are asked for one by one: the waiting is not a load of its own."""
        return Counter([await self.status(order_id, seconds) for order_id in order_ids])

    async def quantity(self, name: str) -> int:
        answer = await self.call("GET", f"/products?name={name}")
        return int(answer.json()["products"][0]["quantity"])


async def eventually(true: Callable[[], Awaitable[bool]], what: str, seconds: float = 30) -> None:
    """Return when `true` says so."""
    end = time.monotonic() + seconds
    while not await true():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        await asyncio.sleep(0.02)
