"""What operators see of an outage: readiness goes and comes back, liveness stays, and the log tells it in a few lines.

The rules are in docs/decisions/0016. Clients get 503 with Retry-After, or wait for at most 15 s; never another 5xx.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import pytest
from local_stack.stack import Stack

from tests.invariants import check
from tests.operators import Logged, becomes, frozen, health, live, stopped
from tests.shop import Books, Shop

SERVICES = ("authentication-ms", "products-ms", "orders-ms")
READ = ("/products", "/orders", "/categories", "/api/health")
SLOWEST = 15.0


@contextlib.asynccontextmanager
async def visitors(shop: Shop, stack: Stack) -> AsyncIterator[list[str]]:
    """Forty who read, whatever happens: each gets 200, or 503 with Retry-After, in time. Yields what they got, such as
    `200 /orders`."""
    stop, answers, token = asyncio.Event(), list[str](), shop.token("visitor@example.test")

    async def visit(number: int) -> None:
        while not stop.is_set():
            began = time.monotonic()
            answer = await shop.call("GET", READ[number % 4].removeprefix("/api"), token=token)
            assert answer.status_code in (200, 503), answer.text
            assert answer.status_code == 200 or int(answer.headers["Retry-After"]) > 0
            assert time.monotonic() - began < SLOWEST
            answers.append(f"{answer.status_code} {READ[number % 4]}")
            await asyncio.sleep(0.2)

    tasks = [asyncio.create_task(visit(number)) for number in range(40)]
    try:
        yield answers
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def test_databases_down_and_back(shop: Shop, stack: Stack, books: Books) -> None:
    """One is frozen, two are stopped; no process ends, or is restarted."""
    name = await shop.add_product(1000)
    logs = [Logged(stack, service) for service in (*SERVICES, "gateway-ms")]
    pids = [await asyncio.to_thread(stack.pid, service) for service in SERVICES]
    async with visitors(shop, stack) as answers:
        async with (
            frozen(stack, "products-db"),
            stopped(stack, "orders-db"),
            stopped(stack, "authentication-db"),
        ):
            await asyncio.gather(*(becomes(stack, service, "503", 5) for service in SERVICES))
            await asyncio.sleep(6)
            assert [await health(stack, service) for service in SERVICES] == ["503"] * 3
            assert all(await asyncio.gather(*(live(stack, service) for service in SERVICES)))
            assert await health(stack, "gateway-ms") == "ok"
        await asyncio.gather(*(becomes(stack, service, "ok", 20) for service in SERVICES))
    assert {"503 /products", "503 /orders", "503 /api/health"} <= set(answers)
    for log in logs[:3]:
        log.check("the database does not answer")
        assert log.says("the database answers again")
    logs[3].check("does not answer")
    assert [await asyncio.to_thread(stack.pid, service) for service in SERVICES] == pids
    assert await shop.status(await shop.order("aaa@aaa.com", (name, 1))) == "ACCEPTED"
    await check(stack, books)


@pytest.mark.parametrize("how", ["frozen", "stopped"])
async def test_the_broker_down_and_back(shop: Shop, stack: Stack, books: Books, how: str) -> None:
    """Orders are taken all the while: both services stay ready, and say that something waits."""
    name, pair = await shop.add_product(1000), ("products-ms", "orders-ms")
    logs = [Logged(stack, service) for service in pair]
    async with visitors(shop, stack) as answers:
        async with frozen(stack, "broker") if how == "frozen" else stopped(stack, "broker"):
            await asyncio.gather(*(becomes(stack, service, "degraded", 15) for service in pair))
            assert await health(stack, "gateway-ms", "/api/health") == "degraded"
            ids = [await shop.order(f"waiting{number}@example.test", (name, 1)) for number in range(5)]
            assert all(await asyncio.gather(*(live(stack, service) for service in pair)))
            assert [await health(stack, service) for service in pair] == ["degraded"] * 2
        await asyncio.gather(*(becomes(stack, service, "ok", 30) for service in pair))
    assert set(answers) == {f"200 {path}" for path in READ}
    for log in logs:
        log.check("the broker does not answer")
        assert log.says("the broker answers again")
    assert await shop.statuses(ids, 60) == {"ACCEPTED": 5}
    await check(stack, books)
