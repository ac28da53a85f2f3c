"""Keys and passwords are changed while the shop is used, by the steps of docs/operations/rotate.md.

One process of each service runs here, so a request to one that is being restarted gets 503. With two, and a rolling
update, nobody notices; tests/deploy shows that.
"""

import asyncio
import contextlib
import json
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc.jwk import ECKey
from local_stack.embedded import mongo_uri
from local_stack.ports import free_ports
from local_stack.profile import Broker
from local_stack.stack import Stack
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure
from shop_kit.identity import RELOAD_SECONDS

from tests.invariants import Databases, stale
from tests.operators import becomes
from tests.shop import eventually

EMAIL = "aaa@aaa.com"
PRODUCT = "something of which there is enough"
DOWN = 503


@pytest.fixture
def own(real_broker: Broker, tmp_path: Path) -> Iterator[Stack]:
    """A shop whose secrets may change."""
    with Stack(tmp_path, free_ports(10), real_broker) as stack:
        yield stack


async def restart(stack: Stack, name: str, *options: str, **changes: str) -> None:
    """Start a program anew, with further options, and with changes to its environment."""
    before = stack.programs[name]
    after = replace(before, command=[*before.command, *options], environment=before.environment | changes)
    stack.programs[name] = after
    after.write(stack.folder)
    await asyncio.to_thread(stack.stop_process, name)
    await asyncio.to_thread(stack.start_process, name)


class Customer:
    """Signs in, refreshes, reads and orders without a pause; counts what was answered, by path."""

    def __init__(self, http: httpx2.AsyncClient):
        self._http = http
        self.answers: Counter[tuple[str, int]] = Counter()
        self.access: dict[str, str] = {}
        """The newest access token of each key that signed one, by the key's id."""
        self.refresh: dict[str, str] = {}

    async def _ask(self, verb: str, path: str, body: object = None, token: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = await self._http.request(verb, path, json=body, headers=headers)
        self.answers[path, answer.status_code] += 1
        return dict(answer.json()) if answer.is_success else {}

    async def once(self) -> None:
        """With tokens of every key there was so far."""
        self._note(await self._ask("POST", "/login", {"email": EMAIL, "password": EMAIL}))
        for token in list(self.refresh.values()):
            self._note(await self._ask("POST", "/refresh", {"refresh_token": token}))
        for token in list(self.access.values()):
            await self._ask("GET", "/orders", token=token)
            await self._ask("POST", "/orders", {"products": [{"name": PRODUCT, "quantity": 1}]}, token)

    def _note(self, tokens: dict[str, Any]) -> None:
        for name, newest in (("access_token", self.access), ("refresh_token", self.refresh)):
            if token := tokens.get(name):
                newest[_signed_by(token)] = token

    @contextlib.asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        over = asyncio.Event()

        async def work() -> None:
            while not over.is_set():
                await self.once()

        working = asyncio.create_task(work())
        try:
            yield
        finally:
            over.set()
            await working

    def failed(self) -> set[tuple[str, int]]:
        return {(path, status) for path, status in self.answers if status >= 300}


def _signed_by(token: str) -> str:
    head = token.partition(".")[0]
    return str(json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"])


@pytest.fixture
async def customer(own: Stack) -> AsyncIterator[Customer]:
    async with httpx2.AsyncClient(base_url=own.url, timeout=30) as http:
        admin = (await http.post("/login", json={"email": "admin@admin.com", "password": "admin@admin.com"})).json()
        product = {"name": PRODUCT, "description": "", "price": 1, "quantity": 1_000_000, "categories": []}
        headers = {"Authorization": f"Bearer {admin['access_token']}"}
        await http.post("/products", json={"product": product}, headers=headers)
        async with Databases(own) as db:

            async def copied() -> bool:
                return not await stale(db)

            await eventually(copied, "the copy knows the product")
        yield Customer(http)


def write_pair(folder: Path, name: str, pem: bytes) -> str:
    """The private key and the public one, as files; returns the id of the key."""
    key = ECKey.import_key(pem)
    key.ensure_kid()
    (folder / f"{name}.pem").write_bytes(key.as_pem(private=True))
    (folder / f"{name}.pub").write_bytes(key.as_pem(private=False))
    return str(key.kid)


async def test_the_key_of_tokens(own: Stack, customer: Customer, tmp_path: Path) -> None:
    """Announced, then used, then the former one is dropped; nobody is signed out before that."""
    former = write_pair(tmp_path, "former", (tmp_path / "keys" / "access-token-key.pem").read_bytes())
    following = write_pair(tmp_path, "following", ECKey.generate_key("P-256").as_pem(private=True))

    async def sign_with(name: str, beside: str) -> None:
        keys = {
            "JWT_PRIVATE_KEY_FILE": str(tmp_path / f"{name}.pem"),
            "JWT_SECOND_PUBLIC_KEY_FILE": str(tmp_path / f"{beside}.pub") if beside else "",
        }
        await restart(own, "authentication-ms", **keys)
        await becomes(own, "authentication-ms", "ok", 60)

    async with customer.busy():
        await asyncio.sleep(1)
        await sign_with("former", beside="following")
        await asyncio.sleep(RELOAD_SECONDS)
        await sign_with("following", beside="former")
        await asyncio.sleep(2)
    assert set(customer.access) == {former, following}
    # Not one 401; the process that was restarted twice is the one of authentication-ms.
    assert customer.failed() <= {("/login", DOWN), ("/refresh", DOWN)}
    assert customer.answers["/orders", 201] > 20
    await sign_with("following", beside="")
    customer.answers.clear()
    await customer.once()
    # Access tokens of the former key are good wherever the key is remembered, at the longest until they expire.
    assert customer.answers["/refresh", 401] == customer.answers["/refresh", 200] == 1


async def test_the_password_of_a_database(own: Stack, customer: Customer) -> None:
    """A second user, then the service, then the first user's end."""
    port = own.ports["orders-db"]

    def uri(user: str) -> str:
        return mongo_uri(port).replace("://", f"://{user}:of-{user}-and-long-enough@") + "&authSource=shop"

    async def as_admin(command: str, name: str, **more: Any) -> None:
        async with AsyncMongoClient[dict[str, Any]](uri("keeper") if locked else mongo_uri(port)) as client:
            await client.shop.command(command, name, **more)

    async def add(name: str, *roles: str) -> None:
        await as_admin("createUser", name, pwd=f"of-{name}-and-long-enough", roles=list(roles))

    async def refused(user: str) -> bool:
        async with AsyncMongoClient[dict[str, Any]](uri(user)) as client:
            try:
                await client.shop.orders.find_one({})
            except OperationFailure:
                return True
        return False

    locked = False
    await add("keeper", "userAdmin")
    await add("first", "readWrite", "dbAdmin")
    await restart(own, "orders-db", "--auth")
    locked = True
    await restart(own, "orders-ms", MONGODB_URI=uri("first"))
    await becomes(own, "orders-ms", "ok", 60)
    assert (await refused("second"), await refused("first")) == (True, False)

    async with customer.busy():
        await asyncio.sleep(1)
        await add("second", "readWrite", "dbAdmin")
        await restart(own, "orders-ms", MONGODB_URI=uri("second"))
        await becomes(own, "orders-ms", "ok", 60)
        restarted = customer.failed()
        await as_admin("dropUser", "first")
        customer.answers.clear()
        await asyncio.sleep(3)
    assert restarted <= {("/orders", DOWN)}
    assert customer.failed() == set()
    assert customer.answers["/orders", 201] > 20
    assert (await refused("first"), await refused("second")) == (True, False)
