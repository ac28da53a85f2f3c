"""An order is decided while it is being asked for again: it stays decided, and is asked for no more.

A sweep claims only what is as it found it, so it can't put the outbox back into an order that was settled meanwhile.
"""

import pytest
from local_stack.holding import Point, held
from orders_racing import Replica
from orders_testing import fixture, snapshot

Replicas = tuple[Replica, Replica]
STATUSES = ["ACCEPTED", "REJECTED"]


@fixture(autouse=True)
async def copy(replicas: Replicas) -> None:
    await replicas[0].tell(snapshot("chair", 30))


@pytest.mark.parametrize("status", STATUSES)
async def test_between_a_sweeps_finding_and_its_claim(replicas: Replicas, status: str) -> None:
    first, rival = replicas
    order = await rival.place(("chair", 1))
    await rival.make_due()
    claiming = Point(first.due._outbox._collection, "bulk_write", before=True)
    async with held(first.questions.sweep(), claiming) as sweep:
        await rival.settle(order, status)
        [settled] = await rival.stored()
        assert (settled["status"], "outbox" in settled) == (status, False)
    sweep.result()
    assert await rival.stored() == [settled]
    assert first.broker.asked == []


@pytest.mark.parametrize("status", STATUSES)
async def test_between_a_sweeps_claim_and_its_question(replicas: Replicas, status: str) -> None:
    first, rival = replicas
    order = await rival.place(("chair", 1))
    await rival.make_due()
    async with held(first.questions.sweep(), Point(first.broker, "publish", before=True)):
        await rival.settle(order, status)
        [settled] = await rival.stored()
    assert first.broker.asked == [str(order.id)]
    assert (settled["status"], "outbox" in settled) == (status, False)
    # The question that was too late is answered as before, from the ledger.
    await first.settle(order, status)
    await first.questions.sweep()
    assert await rival.stored() == [settled]
    assert first.broker.asked == [str(order.id)]


async def test_the_keeper_marks_while_a_decision_comes_in(replicas: Replicas) -> None:
    first, rival = replicas
    decided, open_order = await rival.place(("chair", 1)), await rival.place(("chair", 2))
    async with held(first.due.make_all_due(), Point(first.due._outbox._collection, "update_many", before=True)):
        await rival.settle(decided, "ACCEPTED")
    assert ["outbox" in order for order in await rival.stored()] == [False, True]
    await first.questions.sweep()
    assert first.broker.asked == [str(open_order.id)]


async def test_two_sweeps_find_the_same_order(replicas: Replicas) -> None:
    first, rival = replicas
    order = await rival.place(("chair", 1))
    await rival.questions.close()
    rival.broker.events.clear()
    await rival.make_due()
    claiming = Point(first.due._outbox._collection, "bulk_write", before=True)
    async with held(first.questions.sweep(), claiming) as sweep:
        await rival.questions.sweep()
        [claimed] = await rival.stored()
    sweep.result()
    assert (first.broker.asked, rival.broker.asked) == ([], [str(order.id)])
    assert await rival.stored() == [claimed]
    assert claimed["outbox"]["attempts"] == 1


@pytest.mark.parametrize("status", STATUSES)
async def test_an_order_is_decided_before_its_client_is_answered(replicas: Replicas, status: str) -> None:
    first, rival = replicas
    async with held(first.place(("chair", 1)), Point(first.orders, "add")) as placing:
        await rival.make_due()
        await rival.questions.sweep()
        [asked] = rival.broker.events
        [pending] = await rival.stored()
        assert rival.broker.asked == [str(pending["_id"])]
        await rival.settle((await rival.ordering.list(pending["client_email"]))[0], status)
        [settled] = await rival.stored()
    assert (placing.result().id, placing.result().status) == (pending["_id"], "PENDING")
    await first.questions.close()
    assert [late["order"] for late in first.broker.events] == [asked["order"]]
    assert await rival.stored() == [settled]
    assert (settled["status"], "outbox" in settled) == (status, False)


@pytest.mark.parametrize(("late", "early"), [STATUSES, STATUSES[::-1]])
async def test_contrary_decisions(replicas: Replicas, late: str, early: str) -> None:
    first, rival = replicas
    order = await rival.place(("chair", 1))
    async with held(first.settle(order, late), Point(first.orders._orders, "bulk_write", before=True)):
        await rival.settle(order, early)
        [settled] = await rival.stored()
    assert await rival.stored() == [settled]
    assert settled["status"] == early
