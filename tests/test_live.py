"""Orders as they change, through the whole shop: whatever dies meanwhile, who listens learns how each order ended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from local_stack.stack import Stack
from local_stack.streams import Stream, Told

from tests.invariants import check
from tests.operators import Logged, becomes, frozen, started, terminate
from tests.shop import Books, Shop, eventually

QUIET = ("gateway-ms", "orders-ms")


@asynccontextmanager
async def listening(shop: Shop, email: str, last: str = "") -> AsyncIterator[Stream]:
    headers = {"Authorization": f"Bearer {shop.token(email)}"} | ({"Last-Event-ID": last} if last else {})
    async with shop.http.stream("GET", "/orders/events", headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        # Kept here: the answer is closed when nobody has its lines any more.
        opened = Stream(answer.aiter_lines())
        yield opened


async def ready(stream: Stream) -> None:
    assert await stream.next() == Told("ready", {})


def statuses(told: list[Told]) -> list[tuple[str, str]]:
    return [(event.seen["id"], event.seen["status"]) for event in told]


async def decided(stream: Stream) -> list[Told]:
    """What is told of the next order: that it is pending, and how it ends."""
    end = [*await stream.until("PENDING"), await stream.next()]
    return [event for event in end if event is not None]


async def test_of_two_orders_for_the_last_pieces_one_turns_accepted_and_one_rejected(
    shop: Shop, stack: Stack, books: Books
) -> None:
    name = await shop.add_product(3)
    async with listening(shop, "one@example.test") as one, listening(shop, "other@example.test") as other:
        await ready(one)
        await ready(other)
        async with frozen(stack, "products-ms"):
            for email in ("one@example.test", "other@example.test"):
                await shop.order(email, (name, 2))
        # Which is decided first is not said: their questions may be in two partitions.
        accepted, rejected = sorted((await decided(one), await decided(other)), key=lambda told: told[1].seen["status"])
        for told, status in ((accepted, "ACCEPTED"), (rejected, "REJECTED")):
            order = told[0].seen["id"]
            assert statuses(told) == [(order, "PENDING"), (order, status)]
            assert told[1].seen in await shop.orders_of(books.orders[order]["client_email"])
        assert [event.seen["lacking"] for event in accepted] == [None, None]
        assert [event.seen["lacking"] for event in rejected] == [None, {"name": name, "left": 1}]
    await check(stack, books)


async def test_the_database_dies_and_the_stream_goes_on(shop: Shop, stack: Stack, books: Books) -> None:
    name = await shop.add_product(10)
    logs = [Logged(stack, service) for service in QUIET]
    async with listening(shop, "calm@example.test") as calm:
        await ready(calm)
        async with frozen(stack, "products-ms"):
            order = await shop.order("calm@example.test", (name, 1))
            assert statuses(await calm.until("PENDING")) == [(order, "PENDING")]
            await asyncio.to_thread(stack.kill, "orders-db")
        assert statuses(await calm.until("ACCEPTED", 60)) == [(order, "ACCEPTED")]
        after = await shop.order("calm@example.test", (name, 1))
        assert statuses(await calm.until("ACCEPTED", 60)) == [(after, "PENDING"), (after, "ACCEPTED")]
    for log in logs:
        assert log.storms() == []
    await check(stack, books)


async def test_the_service_dies_and_its_listeners_come_back(shop: Shop, stack: Stack, books: Books) -> None:
    name = await shop.add_product(10)
    async with listening(shop, "back@example.test") as stream:
        await ready(stream)
        order = await shop.order("back@example.test", (name, 1))
        told = await stream.until("ACCEPTED")
        await asyncio.to_thread(stack.kill, "orders-ms")
        assert await stream.next(5) is None
    await becomes(stack, "orders-ms", "ok", 60)
    async with listening(shop, "back@example.test", told[-1].id or "") as stream:
        # Its next process knows nothing of the last one's.
        await ready(stream)
        assert [o["id"] for o in await shop.orders_of("back@example.test")] == [order]
        after = await shop.order("back@example.test", (name, 1))
        assert statuses(await stream.until("ACCEPTED")) == [(after, "PENDING"), (after, "ACCEPTED")]
    await check(stack, books)


async def test_streams_end_with_their_process_at_once_and_in_silence(shop: Shop, stack: Stack) -> None:
    for victim in ("orders-ms", "gateway-ms"):
        logs = [Logged(stack, service) for service in QUIET]
        async with listening(shop, "one@example.test") as one, listening(shop, "two@example.test") as two:
            await asyncio.gather(ready(one), ready(two))
            ends = [asyncio.create_task(stream.next(5)) for stream in (one, two)]
            seconds = await terminate(stack, victim)
            assert await asyncio.gather(*ends) == [None, None]
        await started(stack, victim)
        assert seconds < 3, f"{victim} took {seconds} s"
        for log in logs:
            assert log.lines() == []
        await becomes(stack, "orders-ms", "ok", 30)
        await becomes(stack, "gateway-ms", "ok", 30)


async def test_a_listener_that_leaves_frees_its_place(shop: Shop) -> None:
    headers = {"Authorization": f"Bearer {shop.token('many@example.test')}"}

    async def served() -> bool:
        async with shop.http.stream("GET", "/orders/events", headers=headers) as answer:
            assert answer.status_code in (200, 429)
            return bool(answer.status_code == 200)

    async with AsyncExitStack() as four:
        for _ in range(4):
            await ready(await four.enter_async_context(listening(shop, "many@example.test")))
        async with listening(shop, "many@example.test") as fifth:
            await ready(fifth)
            assert not await served()
        await eventually(served, "a place is free", 2)
