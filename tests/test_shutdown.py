"""A service that is told to end does so within ten seconds, whatever surrounds it, and no answer is lost or doubled.

How: shop_kit/life.py. Here every service is ended under load, between slow clients, while it starts, and while it joins
its group; tests/test_outages.py ends them beside databases that are down.
"""

import asyncio
import contextlib
import secrets
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import httpx2
from local_stack.ports import LOOPBACK
from local_stack.stack import Stack

from tests.invariants import always, check
from tests.operators import Logged, becomes, frozen, health, started, terminate
from tests.shop import Books, Shop

SERVICES = ("gateway-ms", "authentication-ms", "products-ms", "orders-ms")


async def buy(shop: Shop, email: str, name: str, seen: Counter[str], key: str) -> str:
    """The id of an order of one piece, asked for with the same key until it is known.

    Every request has one answer, 201 or 503, or its connection broke; `seen` counts them.
    """
    wanted, token = {"products": [{"name": name, "quantity": 1}]}, shop.token(email)
    while True:
        try:
            answer = await shop.call("POST", "/orders", wanted, token, key)
        except httpx2.TransportError:
            seen["broken"] += 1
        else:
            seen[str(answer.status_code)] += 1
            if answer.status_code == 201:
                placed = answer.json()
                shop.books.orders[placed["id"]] = {"client_email": email, "products": placed["products"]}
                return str(placed["id"])
            assert answer.status_code == 503, answer.text
            assert int(answer.headers["Retry-After"]) > 0
        await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def buyers(shop: Shop, name: str, seen: Counter[str]) -> AsyncIterator[None]:
    """Twelve who each buy one piece after the other; in the end all of theirs are decided."""
    stop, ids = asyncio.Event(), list[str]()

    async def buyer(number: int) -> None:
        while not stop.is_set():
            ids.append(await buy(shop, f"stopper{number}@example.test", name, seen, secrets.token_hex(8)))
            await asyncio.sleep(0.05)

    tasks = [asyncio.create_task(buyer(number)) for number in range(12)]
    async with always(shop.stack):
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*tasks)
        assert await shop.statuses(ids, 60) == {"ACCEPTED": len(ids)}


async def test_each_service_ends_under_load(shop: Shop, stack: Stack, books: Books) -> None:
    name, seen = await shop.add_product(100_000), Counter[str]()
    logs = [Logged(stack, service) for service in SERVICES]
    async with buyers(shop, name, seen):
        for victim in ("authentication-ms", "products-ms", "orders-ms"):
            assert await terminate(stack, victim) < 5
            await started(stack, victim)
        # They have just begun, and join their group.
        await asyncio.gather(terminate(stack, "products-ms"), terminate(stack, "orders-ms"))
        # Their next processes are starting.
        await asyncio.gather(terminate(stack, "products-ms"), terminate(stack, "orders-ms"))
        await asyncio.gather(becomes(stack, "products-ms", "ok", 30), becomes(stack, "orders-ms", "ok", 30))
        assert (seen["201"] > 20, seen["broken"]) == (True, 0)
        assert await terminate(stack, "gateway-ms") < 5
        await becomes(stack, "gateway-ms", "ok", 20)
    for log in logs:
        assert [line for line in log.lines() if "[warning" not in line] == []
    await check(stack, books)


async def test_slow_clients_do_not_hold_the_gateway_up(stack: Stack) -> None:
    """One who never sends the rest of its request is told to come back; one who sent nothing is just closed."""
    head = b"POST /api/login HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000\r\n\r\n{"
    with connected(stack, "gateway-ms", head) as slow, connected(stack, "gateway-ms", b"POST /api/lo") as silent:
        await asyncio.sleep(0.3)
        await terminate(stack, "gateway-ms")
        assert slow.recv(1000).startswith(b"HTTP/1.1 503 ")
        assert silent.recv(1000) == b""
    await becomes(stack, "gateway-ms", "ok", 20)


@contextlib.contextmanager
def connected(stack: Stack, service: str, text: bytes) -> Iterator[socket.socket]:
    with socket.create_connection((LOOPBACK, stack.ports[service]), 10) as connection:
        connection.sendall(text)
        yield connection


async def test_requests_that_wait_are_told_to_come_back(shop: Shop, stack: Stack, books: Books) -> None:
    """Their service ends while its database is frozen, and the broker, too: it can neither work nor take leave. The
    next process listens before it can work, and needs no restart to begin."""
    name = await shop.add_product(100)
    wanted, keys = {"products": [{"name": name, "quantity": 1}]}, [secrets.token_hex(8) for _ in range(5)]
    token = shop.token("cut@example.test")
    async with frozen(stack, "orders-db"):
        waiting = [asyncio.create_task(shop.call("POST", "/orders", wanted, token, key)) for key in keys]
        await asyncio.sleep(0.5)
        async with frozen(stack, "broker"):
            await asyncio.gather(terminate(stack, "orders-ms"), terminate(stack, "products-ms"))
            assert [answer.status_code for answer in await asyncio.gather(*waiting)] == [503] * 5
        await started(stack, "orders-ms")
        assert await health(stack, "orders-ms") == "503"
        pid = await asyncio.to_thread(stack.pid, "orders-ms")
    seen = Counter[str]()
    ids = [await buy(shop, "cut@example.test", name, seen, key) for key in keys]
    assert await asyncio.to_thread(stack.pid, "orders-ms") == pid
    assert await shop.statuses(ids, 60) == {"ACCEPTED": 5}
    await asyncio.gather(becomes(stack, "products-ms", "ok", 30), becomes(stack, "orders-ms", "ok", 30))
    await check(stack, books)
