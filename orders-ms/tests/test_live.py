"""Whoever listens is told of their own orders, each as it changes, and misses nothing by a cut."""

import asyncio
import socket
import time

import pytest
from bson import ObjectId
from live_testing import listening, served, stream
from local_stack.streams import Told
from orders.controllers import events
from orders.services.listener import QUEUED
from orders.services.news import REMEMBERED
from orders_testing import ANN, Service, eventually, refusal, snapshot, token
from shop_events import OrderStatusUpdate

BOB = "bob@example.test"


async def settle(service: Service, order_id: str, status: str = "ACCEPTED", left: int | None = None) -> None:
    lacking = {"name": "chair", "left": left} if left is not None else None
    answer = {"order_id": order_id, "status": status, "lacking": lacking}
    await service.tell(OrderStatusUpdate.model_validate(answer))


async def placed(service: Service, email: str = ANN) -> str:
    return str((await service.order(("chair", 2), email=email)).json()["id"])


async def test_an_order_is_told_as_it_is_shown_when_it_is_placed_and_when_it_is_decided(live: Service) -> None:
    async with listening(live.client) as mine:
        pending = (await live.order(("chair", 2))).json()
        await settle(live, pending["id"], "REJECTED", 1)
        told = await mine.until("REJECTED")
        assert [(t.name, t.seen) for t in told] == [
            ("order", pending),
            ("order", pending | {"status": "REJECTED", "lacking": {"name": "chair", "left": 1}}),
        ]
        assert told[1].seen == (await live.get(f"/orders/{pending['id']}")).json()
        accepted = await placed(live)
        await settle(live, accepted)
        assert [(t.seen["id"], t.seen["status"]) for t in await mine.until("ACCEPTED")] == [
            (accepted, "PENDING"),
            (accepted, "ACCEPTED"),
        ]
        assert mine.retry == "2000"


async def test_nobody_on_the_way_keeps_or_gathers_what_is_told(live: Service) -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    async with live.client.stream("GET", "/orders/events", headers=headers) as answer:
        said = [answer.headers[name] for name in ("content-type", "cache-control", "x-accel-buffering")]
    assert said == ["text/event-stream; charset=utf-8", "no-store", "no"]


async def test_nobody_hears_of_anothers_orders_or_of_what_is_no_news(live: Service) -> None:
    async with listening(live.client) as mine, listening(live.client, BOB) as bobs, listening(live.client) as again:
        his = await placed(live, BOB)
        await live.db.orders.update_one({"_id": ObjectId(his)}, {"$set": {"outbox.attempts": 7, "note": 1}})
        await settle(live, his)
        await settle(live, his, "REJECTED")
        own = await placed(live)
        assert [(t.seen["id"], t.seen["status"]) for t in await bobs.until("ACCEPTED")] == [
            (his, "PENDING"),
            (his, "ACCEPTED"),
        ]
        for one in (mine, again):
            first = await one.next()
            assert first is not None
            assert first.seen["id"] == own


async def test_who_comes_back_is_told_what_it_missed_and_nothing_twice(live: Service) -> None:
    async with listening(live.client) as mine:
        first = await placed(live)
        [pending] = await mine.until("PENDING")
    await settle(live, first)
    await placed(live, BOB)
    second = await placed(live)
    async with stream(live.client, last=pending.id) as mine:
        missed = [await mine.next(), await mine.next()]
        assert [(t.seen["id"], t.seen["status"]) for t in missed if t] == [(first, "ACCEPTED"), (second, "PENDING")]
    assert missed[1]
    async with stream(live.client, last=missed[1].id) as mine:
        await settle(live, second)
        [accepted] = await mine.until("ACCEPTED")
        assert accepted.seen["id"] == second


@pytest.mark.parametrize("last", ["x", "82" * 40, "0" * 5000, "'\\", "a b"])
async def test_a_token_that_is_not_known_is_told_to_read_anew(live: Service, last: str) -> None:
    order = await placed(live)
    async with stream(live.client, last=last) as mine:
        assert await mine.next() == Told("ready", {})
        await settle(live, order)
        # That it is PENDING may be told late.
        assert {t.seen["id"] for t in await mine.until("ACCEPTED")} == {order}


async def test_a_token_of_long_ago_and_one_with_too_much_after_it(live: Service) -> None:
    async with listening(live.client) as mine, listening(live.client, BOB) as bobs:
        await placed(live)
        await placed(live, BOB)
        [own], [his] = await mine.until("PENDING"), await bobs.until("PENDING")
    [document] = await live.db.orders.find({"client_email": ANN}).to_list()
    more = [document | {"_id": ObjectId(), "status": "ACCEPTED"} for _ in range(QUEUED + 1)]
    await live.db.orders.insert_many(more)

    async def told(last: str | None) -> list[str]:
        async with stream(live.client, last=last) as mine:
            first = await mine.next()
            assert first is not None
            return [first.name, first.seen.get("id")]

    await eventually(lambda: knows(live, QUEUED + 3))
    assert await told(own.id) == ["ready", None]
    async with stream(live.client, BOB, last=his.id) as bobs:
        await settle(live, his.seen["id"])
        [accepted] = await bobs.until("ACCEPTED")
    # Anyone's token tells a place; and what follows it is the caller's own.
    await placed(live)
    assert (await told(accepted.id))[0] == "order"
    for _ in range(REMEMBERED // QUEUED + 1):
        await live.db.orders.insert_many([d | {"_id": ObjectId(), "client_email": "c@example.test"} for d in more])
    await eventually(lambda: forgot(live, accepted.id))
    assert await told(accepted.id) == ["ready", None]


async def knows(service: Service, count: int) -> bool:
    return len(service.app.state.news._recent) >= count


async def forgot(service: Service, last: str | None) -> bool:
    return all(change.token != last for change in service.app.state.news._recent)


async def test_the_sixth_stream_of_a_customer_has_to_wait(live: Service) -> None:
    async with listening(live.client), listening(live.client), listening(live.client), listening(live.client):
        async with listening(live.client):
            sixth = await live.get("/orders/events")
            assert refusal(sixth) == (429, "Too many streams of events are open")
            assert int(sixth.headers["retry-after"]) > 0
            async with listening(live.client, BOB):
                pass
        await eventually(lambda: streams(live, 4))
        async with listening(live.client):
            pass


async def streams(service: Service, count: int, email: str = ANN) -> bool:
    return len(service.app.state.news._listeners.get(email, ())) == count


async def test_a_place_is_free_as_soon_as_its_client_is_gone(live: Service) -> None:
    async with listening(live.client):
        assert await streams(live, 1)
    await eventually(lambda: streams(live, 0), 1)
    assert live.app.state.news._listeners == {}


async def test_without_a_token_there_is_no_stream(live: Service) -> None:
    answer = await live.client.get("/orders/events")
    assert refusal(answer) == (401, "You have no access to this resource!")
    assert live.app.state.news._listeners == {}


async def test_a_stream_ends_with_its_token(live: Service) -> None:
    began = time.time()
    expires = int(began) + 3
    async with stream(live.client, exp=expires) as mine:
        assert await mine.next() == Told("ready", {})
        assert await mine.next() is None
    assert expires <= time.time() < expires + 1
    await eventually(lambda: streams(live, 0))


async def test_a_silent_stream_has_a_heart(live: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    assert events.HEARTBEAT_SECONDS == 15
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.1)
    async with listening(live.client) as mine:
        waiting = asyncio.create_task(mine.next())
        await eventually(lambda: beats(mine.comments))
        order = await placed(live)
        told = await waiting
        assert told is not None
        assert told.seen["id"] == order


async def beats(comments: list[str]) -> bool:
    return len(comments) >= 3


async def test_what_was_decided_while_it_was_opened_is_not_lost(live: Service) -> None:
    """Whatever is settled before READY is in what is read after it, and whatever comes later is told."""
    for _ in range(20):
        order = await placed(live)
        settling = asyncio.create_task(settle(live, order))
        async with listening(live.client) as mine:
            shown = (await live.get(f"/orders/{order}")).json()
            if shown["status"] == "PENDING":
                assert order in [t.seen["id"] for t in await mine.until("ACCEPTED")]
        await settling


async def test_who_does_not_read_is_cut_off_and_comes_back(live: Service) -> None:
    lines = [(f"thing {n} {'x' * 60}", 1) for n in range(100)]
    await live.tell(*(snapshot(name, 9) for name, _ in lines))
    order = (await live.order(*lines)).json()["id"]
    [document] = await live.db.orders.find({"_id": ObjectId(order)}).to_list()
    host, port = live.client.base_url.host, live.client.base_url.port
    door = socket.socket()
    # Of what the server writes, little fits into the buffers on the way.
    door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    door.connect((host, port))
    reader, writer = await asyncio.open_connection(sock=door, limit=1024)
    writer.write(f"GET /orders/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token()}\r\n\r\n".encode())
    await reader.readuntil(b"ready")
    await eventually(lambda: streams(live, 1))
    for _ in range(30):
        await live.db.orders.insert_many([document | {"_id": ObjectId()} for _ in range(50)])
        if await streams(live, 0):
            break
    await eventually(lambda: streams(live, 0))
    await reader.readuntil(b"\nid: ")
    last = (await reader.readline()).strip().decode()
    writer.close()
    async with stream(live.client, last=last) as mine:
        # It missed more than would be told.
        assert await mine.next() == Told("ready", {})


async def test_two_replicas_tell_the_same(settings: pytest.MonkeyPatch) -> None:
    async with served() as live, served() as other:
        await live.tell(snapshot("chair", 30))
        await _tell_the_same(live, other)


async def _tell_the_same(live: Service, other: Service) -> None:
    async with listening(other.client) as mine:
        order = await placed(live)
        # Those that have just begun may say twice that one has to read anew.
        there = (await mine.until("PENDING"))[-1]
        assert there.seen["id"] == order
        async with stream(live.client, last=there.id) as here:
            await settle(other, order)
            assert (await mine.until("ACCEPTED"))[-1] == (await here.until("ACCEPTED"))[-1]


async def test_while_the_process_ends_there_are_no_streams(settings: pytest.MonkeyPatch) -> None:
    async with served() as live, listening(live.client) as mine:
        live.app.state.news.end()
        assert await mine.next(1) is None
        answer = await live.get("/orders/events")
        assert refusal(answer) == (503, "Service unavailable!")
        assert (await live.get("/orders")).json() == {"orders": []}
