"""A product changes, or the broker loses all, while its snapshot is under way: then the product stays due.

What was published is put off only if nothing happened to the product since it was read, and a sweep sends only what it
claimed itself: the `claim` in the document decides both.
"""

from datetime import UTC, datetime, timedelta

import pytest
from local_stack.holding import Point, held, run_until
from products.models import Product
from products_racing import Replica
from products_testing import Store, order
from shop_kit.mongo import Document

Replicas = tuple[Replica, Replica]
CHANGES = {"decision": (2, 3), "restock": (2, 8), "mark": (1, 5)}
"""What can happen to 5 cups of version 1, and their version and quantity then."""


async def change(replica: Replica, what: str) -> None:
    if what == "decision":
        assert await replica.ask(order(1, ("cup", 2))) == ["ACCEPTED"]
    elif what == "restock":
        assert await replica.restock("cup", 3) == 8
    else:
        await replica.due.make_all_due()


async def cup(raced: Store) -> Document:
    found = await raced.db.products.find_one({"slug": "cup"})
    assert found is not None
    return found


async def make_due(raced: Store) -> None:
    await raced.db.products.update_many({}, {"$set": {"outbox.due": datetime(2020, 1, 1, tzinfo=UTC)}})


def waits_a_lap(document: Document) -> bool:
    return bool(document["outbox"]["due"] > datetime.now(UTC) + timedelta(seconds=1000))


@pytest.fixture
async def new(raced: Store) -> Product:
    return await raced.add("cup", 5)


@pytest.mark.parametrize("what", CHANGES)
async def test_between_the_ack_and_its_note(raced: Store, new: Product, replicas: Replicas, what: str) -> None:
    first, rival = replicas
    async with held(first.snapshots.publish([new]), Point(first.due, "put_off", before=True)):
        await change(rival, what)
        changed = await cup(raced)
    assert await cup(raced) == changed
    assert not waits_a_lap(changed)
    await make_due(raced)
    await rival.snapshots.sweep()
    assert first.broker.told + rival.broker.told == [(1, 5), CHANGES[what]]
    assert waits_a_lap(await cup(raced))


@pytest.mark.parametrize("what", ["decision", "restock"])
async def test_the_ack_is_noted_while_a_change_is_open(
    raced: Store, new: Product, replicas: Replicas, what: str
) -> None:
    """The database makes the note wait for the end of the transaction, and then it no longer fits."""
    first, rival = replicas
    noting = Point(first.due._outbox._collection, "bulk_write", before=True)
    noting.let_go()
    async with held(change(rival, what), Point(rival.products, "_change")):
        note = await run_until(first.snapshots.publish([new]), noting)
    await note
    changed = await cup(raced)
    assert (changed["version"], changed["quantity"]) == CHANGES[what]
    assert not waits_a_lap(changed)


@pytest.mark.parametrize("what", ["decision", "restock"])
@pytest.mark.parametrize("how", ["publish", "sweep", "mark"])
async def test_the_outbox_changes_between_a_changes_reads_and_writes(
    raced: Store, new: Product, replicas: Replicas, what: str, how: str
) -> None:
    first, rival = replicas
    async with held(change(first, what), Point(first.products, "_change", before=True)):
        if how == "publish":
            await rival.snapshots.publish([new])
        elif how == "sweep":
            await make_due(raced)
            await rival.snapshots.sweep()
        else:
            await rival.due.make_all_due()
        noted = await cup(raced)
        assert waits_a_lap(noted) is (how != "mark")
    changed = await cup(raced)
    assert (changed["version"], changed["quantity"]) == CHANGES[what]
    assert changed["outbox"]["claim"] != noted["outbox"]["claim"]
    assert not waits_a_lap(changed)
    await first.snapshots.flush()
    assert first.broker.told == [CHANGES[what]]


@pytest.mark.parametrize("what", CHANGES)
async def test_between_a_sweeps_finding_and_its_claim(
    raced: Store, new: Product, replicas: Replicas, what: str
) -> None:
    first, rival = replicas
    await make_due(raced)
    claiming = Point(first.due._outbox._collection, "bulk_write", before=True)
    async with held(first.due.claim(100), claiming) as claim:
        await change(rival, what)
        changed = await cup(raced)
    assert claim.result() == []
    assert await cup(raced) == changed


async def test_two_sweeps_find_the_same_product(raced: Store, new: Product, replicas: Replicas) -> None:
    first, rival = replicas
    await make_due(raced)
    async with held(first.snapshots.sweep(), Point(first.due._outbox._collection, "bulk_write", before=True)):
        await rival.snapshots.sweep()
        told = await cup(raced)
    assert (first.broker.told, rival.broker.told) == ([], [(1, 5)])
    assert await cup(raced) == told
    assert waits_a_lap(told)


async def test_a_sweep_that_is_late_and_its_successor_both_tell_and_the_product_waits(
    raced: Store, new: Product, replicas: Replicas
) -> None:
    """What is claimed and not acked for a while is due again: telling it twice does no harm, losing it would."""
    first, rival = replicas
    await make_due(raced)
    async with held(first.snapshots.sweep(), Point(first.broker, "publish", before=True)):
        await make_due(raced)
        await rival.snapshots.sweep()
        told = await cup(raced)
    assert (first.broker.told, rival.broker.told) == ([(1, 5)], [(1, 5)])
    assert await cup(raced) == told
    assert waits_a_lap(told)
