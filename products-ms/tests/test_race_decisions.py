"""Two replicas change one stock, or decide one order, at the same time: every change counts, and counts once.

The first is held between its reads and its first write, where the rival commits and makes what was read old; or after
a write inside its open transaction, where the rival is refused until that ends. No time decides, only the database.
"""

import pytest
from local_stack.holding import Point, held, run_until_again
from products_racing import Replica
from products_testing import Store, order

Replicas = tuple[Replica, Replica]
SIDES = {"decision": -2, "restock": 3}


async def act(replica: Replica, side: str, number: int) -> object:
    """Take 2 cups for an order, or put 3 on the shelf."""
    if side == "decision":
        return await replica.ask(order(number, ("cup", 2)))
    return await replica.restock("cup", 3)


async def shelf(raced: Store) -> list[tuple[str, int, int]]:
    """(name, quantity, version) of every product."""
    return [(d["name"], d["quantity"], d["version"]) async for d in raced.db.products.find().sort("name")]


async def ledger(raced: Store) -> list[str]:
    return [row["status"] async for row in raced.db.orders.find().sort("_id")]


@pytest.mark.parametrize("moment", ["after its reads", "stock written", "all written"])
@pytest.mark.parametrize(("wanted", "status", "left"), [(2, "ACCEPTED", 3), (9, "REJECTED", 5)])
async def test_the_same_order(
    raced: Store, replicas: Replicas, moment: str, wanted: int, status: str, left: int
) -> None:
    cup, (first, rival), asked = await raced.add("cup", 5), replicas, order(1, ("cup", wanted))
    point = {
        "after its reads": lambda: Point(first.products, "_change", before=True),
        "stock written": lambda: Point(first.products, "_change"),
        "all written": lambda: Point(first.ledger, "add"),
    }[moment]()
    async with held(first.ask(asked), point) as one:
        two = await run_until_again(rival.ask(asked), rival.ledger, "decided")
        nothing_written = moment == "after its reads" or (moment == "stock written" and status == "REJECTED")
        assert two.done() is nothing_written
    assert (one.result(), await two) == ([status], [status])
    assert await ledger(raced) == [status]
    assert await shelf(raced) == [("cup", left, cup.version + (status == "ACCEPTED"))]
    assert await rival.ask(asked) == await first.ask(asked) == [status]
    assert await shelf(raced) == [("cup", left, cup.version + (status == "ACCEPTED"))]


@pytest.mark.parametrize("open_transaction", [False, True])
async def test_the_last_piece(raced: Store, replicas: Replicas, open_transaction: bool) -> None:
    await raced.add("cup", 1)
    first, rival = replicas
    async with held(
        first.ask(order(1, ("cup", 1))), Point(first.products, "_change", before=not open_transaction)
    ) as one:
        two = await run_until_again(rival.ask(order(2, ("cup", 1))), rival.ledger, "decided")
        assert two.done() is not open_transaction
    statuses = ["ACCEPTED", "REJECTED"] if open_transaction else ["REJECTED", "ACCEPTED"]
    assert one.result() + await two == statuses
    assert await ledger(raced) == statuses
    assert await shelf(raced) == [("cup", 0, 2)]
    rejected = await raced.db.orders.find_one({"status": "REJECTED"})
    assert rejected is not None
    assert rejected["lacking"] == {"name": "cup", "left": 0, "version": 2}


async def test_one_order_of_a_batch_is_decided_meanwhile(raced: Store, replicas: Replicas) -> None:
    await raced.add("cup", 5)
    first, rival = replicas
    batch = [order(n, ("cup", 2)) for n in (1, 2, 3)]
    async with held(first.ask(*batch), Point(first.products, "_change", before=True)) as one:
        assert await rival.ask(batch[2]) == ["ACCEPTED"]
    assert one.result() == ["ACCEPTED", "REJECTED", "ACCEPTED"]
    assert await ledger(raced) == ["ACCEPTED", "REJECTED", "ACCEPTED"]
    assert await shelf(raced) == [("cup", 1, 3)]


async def test_one_order_of_an_open_batch_waits_for_it(raced: Store, replicas: Replicas) -> None:
    await raced.add("cup", 5)
    first, rival = replicas
    batch = [order(n, ("cup", 2)) for n in (1, 2, 3)]
    async with held(first.ask(*batch), Point(first.ledger, "add")) as one:
        two = await run_until_again(rival.ask(batch[2]), rival.ledger, "decided")
        assert not two.done()
    assert (one.result(), await two) == (["ACCEPTED", "ACCEPTED", "REJECTED"], ["REJECTED"])
    assert await ledger(raced) == ["ACCEPTED", "ACCEPTED", "REJECTED"]
    assert await shelf(raced) == [("cup", 1, 2)]


async def test_batches_in_contrary_sequence(raced: Store, replicas: Replicas) -> None:
    """Each wants first what the other has: one of them is refused and reads again, and neither waits for ever."""
    await raced.add("cup", 3)
    await raced.add("jug", 3)
    first, rival = replicas
    one_way, other_way = [order(1, ("cup", 2)), order(2, ("jug", 2))], [order(3, ("jug", 2)), order(4, ("cup", 2))]
    async with held(first.ask(*one_way), Point(first.products, "_change")) as one:
        two = await run_until_again(rival.ask(*other_way), rival.ledger, "decided")
        assert not two.done()
    assert (one.result(), await two) == (["ACCEPTED"] * 2, ["REJECTED"] * 2)
    assert await shelf(raced) == [("cup", 1, 2), ("jug", 1, 2)]


@pytest.mark.parametrize("open_transaction", [False, True])
@pytest.mark.parametrize("first_side", SIDES)
@pytest.mark.parametrize("rival_side", SIDES)
async def test_neither_change_is_lost(
    raced: Store, replicas: Replicas, first_side: str, rival_side: str, open_transaction: bool
) -> None:
    await raced.add("cup", 5)
    first, rival = replicas
    point = Point(first.products, "_change", before=not open_transaction)
    async with held(act(first, first_side, 1), point) as one:
        two = await run_until_again(act(rival, rival_side, 2), rival.products, "_change")
        assert two.done() is not open_transaction
    answers = {first: one.result(), rival: await two}
    sequence = [(first, first_side), (rival, rival_side)]
    quantity = 5
    for version, (replica, side) in enumerate(sequence if open_transaction else reversed(sequence), 2):
        quantity += SIDES[side]
        assert answers[replica] == (quantity if side == "restock" else ["ACCEPTED"])
        await replica.snapshots.flush()
        assert replica.broker.told == [(version, quantity)]
    assert await shelf(raced) == [("cup", quantity, 3)]
    assert await ledger(raced) == ["ACCEPTED"] * [first_side, rival_side].count("decision")
