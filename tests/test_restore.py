"""A database is lost, and an older backup of it takes its place: what the events heal, and what `recover` does.

A backup is the folder of a database that was stopped for it; with MongoDB it is what mongodump writes. In the end the
shop passes every check again, with the orders and restocks of after the backup in its books.
The procedures are in docs/operations/restore.md.
"""

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from bson import ObjectId
from local_stack.stack import Stack

from tests.invariants import Databases, check, rows
from tests.operators import becomes, stopped
from tests.shop import Books, Shop
from tests.test_live import listening, ready

MADE_UP = "ffffffffffffffffffffffff"


async def backup(stack: Stack, database: str) -> Path:
    """A copy of all that a database has now."""
    copy = stack.folder / "backups" / database
    shutil.rmtree(copy, ignore_errors=True)
    async with stopped(stack, database):
        await asyncio.to_thread(shutil.copytree, stack.folder / "data" / database, copy)
    return copy


async def restore(stack: Stack, database: str, copy: Path, then: Callable[[], Awaitable[None]]) -> None:
    """Put the copy in the place of the database while its service is stopped, and do `then` before that starts."""
    service, data = database.replace("-db", "-ms"), stack.folder / "data" / database
    async with stopped(stack, service):
        async with stopped(stack, database):
            await asyncio.to_thread(shutil.rmtree, data)
            await asyncio.to_thread(shutil.copytree, copy, data)
        await then()
    await becomes(stack, service, "ok", 60)


async def recover(stack: Stack, service: str) -> list[str]:
    """What the service's command says, but for the order that another test has made up."""
    package, environment = service.removesuffix("-ms"), stack.programs[service].environment
    program = (sys.executable, "-m", f"{package}.cli", "recover")
    running = await asyncio.create_subprocess_exec(*program, env=environment, stdout=asyncio.subprocess.PIPE)
    said, _ = await asyncio.wait_for(running.communicate(), 60)
    assert running.returncode == 0
    return [line for line in said.decode().splitlines() if MADE_UP not in line]


async def nothing() -> None:
    pass


async def two_for_one_place(shop: Shop, stack: Stack, name: str, count: int) -> list[str]:
    """Two orders of so many, which can't both be accepted, and which the copy can't tell to be hopeless."""
    async with stopped(stack, "products-ms"):
        ids = [await shop.order(f"rival{n}@example.test", (name, count)) for n in range(2)]
    await becomes(stack, "products-ms", "ok", 60)
    assert sorted(await shop.statuses(ids, 60)) == ["ACCEPTED", "REJECTED"]
    return ids


async def test_an_old_orders_db(shop: Shop, stack: Stack, books: Books) -> None:
    name = await shop.add_product(100)
    settled = await shop.order("before@example.test", (name, 3))
    assert await shop.status(settled) == "ACCEPTED"
    async with stopped(stack, "products-ms"):
        waiting = await shop.order("before@example.test", (name, 4))
        copy = await backup(stack, "orders-db")
        await becomes(stack, "orders-ms", "ok", 60)
    assert await shop.status(waiting, 60) == "ACCEPTED"
    later = [await shop.order("after@example.test", (name, 5)), *await two_for_one_place(shop, stack, name, 50)]
    new = await shop.add_product(7)
    later.append(await shop.order("after@example.test", (new, 2)))
    statuses = {order: await shop.status(order) for order in [settled, waiting, *later]}

    await restore(stack, "orders-db", copy, nothing)

    # What was PENDING is asked again, and has the answer of the ledger. What came after the backup is unknown.
    assert await shop.status(waiting, 60) == "ACCEPTED"
    assert [order["id"] for order in await shop.orders_of("before@example.test")] == [waiting, settled]
    assert await shop.orders_of("after@example.test") == []
    async with Databases(stack) as db:
        ledger = await rows(db.products.orders)
        assert {order: ledger[ObjectId(order)]["status"] for order in statuses} == statuses

    assert await recover(stack, "orders-ms") == ["4 orders taken from the topics"]

    assert {order: await shop.status(order) for order in statuses} == statuses
    assert [order["id"] for order in await shop.orders_of("after@example.test")] == [later[3], later[0]]
    await check(stack, books)
    assert await recover(stack, "orders-ms") == ["0 orders taken from the topics"]
    async with listening(shop, "after@example.test") as stream:
        await ready(stream)
        order = await shop.order("after@example.test", (new, 1))
        assert [told.seen["id"] for told in await stream.until("ACCEPTED")] == [order, order]


async def test_an_old_products_db(shop: Shop, stack: Stack, books: Books) -> None:
    name, other = await shop.add_product(100), await shop.add_product(20)
    assert await shop.status(await shop.order("before@example.test", (name, 3), (other, 1))) == "ACCEPTED"
    copy = await backup(stack, "products-db")
    await becomes(stack, "products-ms", "ok", 60)
    later = [await shop.order("after@example.test", (name, 5)), *await two_for_one_place(shop, stack, name, 50)]
    statuses = {order: await shop.status(order) for order in later}
    await shop.restock(name, 30)
    await check(stack, books)
    assert await shop.quantity(name) == 100 - 3 - 5 - 50 + 30

    async def entered() -> None:
        async with Databases(stack) as db:
            assert not set(map(ObjectId, later)) & set(await rows(db.products.orders))
            old, stale = (
                await db.products.products.find_one({"name": name}),
                await db.orders.products.find_one({"name": name}),
            )
            assert old and stale
            assert (old["quantity"], stale["quantity"], old["version"] < stale["version"]) == (97, 72, True)
        assert await recover(stack, "products-ms") == [
            "3 decisions entered",
            f"{name}: 42 pieces, 72 when it was told of last",
        ]

    await restore(stack, "products-db", copy, entered)

    books.given[name] -= 30
    await check(stack, books)
    await shop.restock(name, 30)
    await check(stack, books)
    assert {order: await shop.status(order) for order in later} == statuses
    assert await recover(stack, "products-ms") == ["0 decisions entered"]


async def test_an_old_authentication_db(shop: Shop, stack: Stack) -> None:
    async def sign_in(email: str) -> int:
        return (await shop.call("POST", "/login", {"email": email, "password": "a long password"})).status_code

    async def register(email: str) -> str:
        answer = await shop.call("POST", "/register", {"email": email, "password": "a long password"})
        assert answer.status_code == 201, answer.text
        answer = await shop.call("POST", "/login", {"email": email, "password": "a long password"})
        return str(answer.json()["refresh_token"])

    async def refreshed(token: str) -> int:
        return (await shop.call("POST", "/refresh", {"refresh_token": token})).status_code

    old = await register("early@example.test")
    copy = await backup(stack, "authentication-db")
    await becomes(stack, "authentication-ms", "ok", 60)
    new = await register("late@example.test")
    answer = await shop.call("POST", "/logout-everywhere", token=shop.token("early@example.test"))
    assert answer.status_code == 204
    assert (await refreshed(old), await refreshed(new)) == (401, 200)

    await restore(stack, "authentication-db", copy, nothing)

    # A sign-out of after the backup is forgotten, and so is an account.
    assert (await sign_in("early@example.test"), await sign_in("late@example.test")) == (200, 401)
    assert (await refreshed(old), await refreshed(new)) == (200, 401)
    # So everybody is signed out, as the procedure says.
    async with Databases(stack) as db:
        await db.authentication.users.update_many({}, {"$inc": {"token_generation": 1}})
        await db.authentication.families.delete_many({})
    assert await refreshed(old) == 401
    assert await sign_in("early@example.test") == 200
