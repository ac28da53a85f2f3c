"""Who asked leaves while the transaction is open: it happens all the same, once, and who asks again is told so."""

import asyncio

import pytest
from local_stack.holding import Point, held, run_until_again
from products_racing import Replica
from products_testing import Store, order

Replicas = tuple[Replica, Replica]


async def test_a_client_leaves_and_repeats_its_restock(raced: Store, replicas: Replicas) -> None:
    await raced.add("cup", 10)
    first, rival = replicas
    async with held(first.restock("cup", 5, "k"), Point(first.products, "restock")) as one:
        one.cancel()
        two = await run_until_again(rival.restock("cup", 5, "k"), rival.restocks, "find")
        assert not two.done()
    assert one.cancelled()
    assert await two == 15
    assert await raced.db.restocks.find().to_list() == [{"_id": "k", "slug": "cup", "delta": 5}]
    assert not rival.snapshots._changed


async def test_a_consumer_loses_its_partition_and_the_next_one_answers(raced: Store, replicas: Replicas) -> None:
    await raced.add("cup", 5)
    first, rival = replicas
    batch = [order(n, ("cup", 2)) for n in (1, 2, 3)]
    async with held(first.ask(*batch), Point(first.ledger, "add")) as one:
        one.cancel()
        two = await run_until_again(rival.ask(*reversed(batch)), rival.ledger, "decided")
        assert not two.done()
    with pytest.raises(asyncio.CancelledError):
        one.result()
    assert first.broker.events == []
    # Asked in the other sequence, it would have rejected the first: it answers what was decided before.
    assert await two == ["REJECTED", "ACCEPTED", "ACCEPTED"]
    assert await raced.stock() == {"cup": 1}
    assert not rival.snapshots._changed
    [cup] = await raced.db.products.find().to_list()
    assert cup["version"] == 2
    await rival.due.make_all_due()
    await rival.snapshots.sweep()
    assert rival.broker.told == [(2, 1)]
