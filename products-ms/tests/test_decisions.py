"""Decisions on the real database: taken once, answered always, all or nothing."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import pytest
from bson import ObjectId
from products.models import Decision, Lacking, Line, Order, Product
from products.repositories.ledger import Ledger
from products.repositories.products import Products
from products.repositories.restocks import Restocks
from products.services.decisions import Decisions
from products_testing import Store, order
from pymongo.errors import PyMongoError
from shop_kit.mongo import ConflictError, Session
from shop_kit.transient import is_transient


async def test_an_accepted_order_takes_its_pieces(store: Store) -> None:
    cup = await store.add("cup", 10)
    await store.add("jug", 1)
    first, second = order(1, ("cup", 2), ("cup", 1)), order(2, ("jug", 2))
    answers, changed = await store.decisions.decide([first, second])
    assert answers == [Decision(first, "ACCEPTED"), Decision(second, "REJECTED", Lacking("jug", 1))]
    assert await store.stock() == {"cup": 7, "jug": 1}
    [after] = changed
    assert (after.id, after.quantity, after.version, after.price) == (cup.id, 7, 2, Decimal("5.99"))
    assert after == await store.products.named("cup")
    rows = await store.db.orders.find().sort("_id").to_list()
    assert [row.pop("decided_at").utcoffset() is not None for row in rows] == [True, True]
    assert rows == [
        {
            "_id": first.id,
            "status": "ACCEPTED",
            "products": [{"name": "cup", "quantity": 2}, {"name": "cup", "quantity": 1}],
        },
        {
            "_id": second.id,
            "status": "REJECTED",
            "products": [{"name": "jug", "quantity": 2}],
            "lacking": {"name": "jug", "left": 1, "version": 1},
        },
    ]


async def test_who_asks_again_is_answered_from_the_ledger(store: Store) -> None:
    await store.add("cup", 3)
    batch = [order(1, ("cup", 2)), order(2, ("cup", 2))]
    answers, _ = await store.decisions.decide(batch)
    before = await store.everything()
    again = [*reversed(batch), batch[0]]
    assert await store.decisions.decide(again) == ([answers[1], answers[0], answers[0]], [])
    assert await store.everything() == before
    await store.db.products.update_one({}, {"$set": {"quantity": 100}})
    assert await store.decisions.decide(batch) == (answers, [])
    assert await store.stock() == {"cup": 100}


async def test_a_stub_of_the_first_version_is_a_decision(start_data: Store) -> None:
    stub = Order(ObjectId("71fefe4a1cad4140785928a4"), (Line("cutlery", 1),))
    assert await start_data.decisions.decide([stub]) == ([Decision(stub, "ACCEPTED")], [])


async def test_two_deciders_of_the_same_orders_decide_once(store: Store) -> None:
    await store.add("cup", 25)
    batch = [order(n, ("cup", 2)) for n in range(20)]
    deciders = [Store(store.settings) for _ in range(4)]
    results = await asyncio.gather(*(d.decisions.decide(batch) for d in deciders))
    statuses = ["ACCEPTED"] * 12 + ["REJECTED"] * 8
    for answers, _ in results:
        assert [(d.order.id, d.status) for d in answers] == list(zip([o.id for o in batch], statuses, strict=True))
    assert sum(len(changed) for _, changed in results) == 1
    assert await store.stock() == {"cup": 1}
    assert [row["status"] async for row in store.db.orders.find().sort("_id")] == statuses
    for decider in deciders:
        await decider.mongo.close()


async def test_many_deciders_of_different_orders_sell_what_there_is(store: Store) -> None:
    await store.add("cup", 20)
    results = await asyncio.gather(
        *(store.decisions.decide([order(10 * n + m, ("cup", 1)) for m in range(5)]) for n in range(8))
    )
    answers = [decision.status for answer, _ in results for decision in answer]
    assert (answers.count("ACCEPTED"), answers.count("REJECTED")) == (20, 20)
    assert await store.stock() == {"cup": 0}
    assert await store.db.orders.count_documents({"status": "ACCEPTED"}) == 20


async def test_a_change_between_reading_and_writing_is_read_again(store: Store) -> None:
    await store.add("cup", 5)

    class Overtaken(Products):
        reads = 0

        async def with_keys(self, keys: object, session: Session) -> dict[str, Product]:
            found = await super().with_keys(["cup"], session)
            self.reads += 1
            if self.reads == 1:
                await store.db.products.update_one({"name": "cup"}, {"$inc": {"quantity": -4, "version": 1}})
            return found

    products = Overtaken(store.mongo)
    answers, changed = await Decisions(store.mongo, store.ledger, products).decide([order(1, ("cup", 2))])
    assert [decision.status for decision in answers] == ["REJECTED"]
    assert (changed, products.reads) == ([], 2)
    assert await store.stock() == {"cup": 1}


async def test_an_order_that_another_decided_meanwhile_is_answered_as_it_was(store: Store) -> None:
    asked = order(1, ("no such cup", 2))

    class Overtaken(Ledger):
        reads = 0

        async def decided(self, orders: Iterable[Order], session: Session) -> dict[ObjectId, Decision]:
            found = await super().decided(orders, session)
            self.reads += 1
            if self.reads == 1:
                await store.db.orders.insert_one({"_id": asked.id, "status": "ACCEPTED"})
            return found

    ledger = Overtaken(store.mongo)
    assert await Decisions(store.mongo, ledger, store.products).decide([asked]) == ([Decision(asked, "ACCEPTED")], [])
    assert ledger.reads == 2
    assert await store.db.orders.find().to_list() == [{"_id": asked.id, "status": "ACCEPTED"}]


async def test_a_row_that_is_there_is_a_conflict_and_stays(store: Store) -> None:
    """An embedded server tells most races itself, as conflicts; another may tell this one as a duplicate."""
    asked = order(1, ("cup", 2))
    used = {"_id": "key", "slug": "cup", "delta": 5}
    await store.db.orders.insert_one({"_id": asked.id, "status": "REJECTED"})
    await store.db.restocks.insert_one(dict(used))
    async with store.db.client.start_session() as session:
        for write in (
            store.ledger.add([Decision(asked, "ACCEPTED")], {}, session),
            Restocks(store.mongo).add("key", "cup", 1, session),
        ):
            async with await session.start_transaction():
                with pytest.raises(ConflictError):
                    await write
                await session.abort_transaction()
    assert await store.db.orders.find().to_list() == [{"_id": asked.id, "status": "REJECTED"}]
    assert await store.db.restocks.find().to_list() == [used]


async def test_a_product_whose_version_moved_on_is_not_written(store: Store) -> None:
    cup = await store.add("cup", 5)
    calls = 0

    class Stale(Products):
        async def take(self, stock: Mapping[str, Product], taken: Mapping[str, int], session: Session) -> list[Product]:
            nonlocal calls
            calls += 1
            old = Product(cup.id, "cup", "cup", "", cup.price, 500, (), cup.version + (calls < 3))
            return await super().take({"cup": old}, taken, session)

    await Decisions(store.mongo, store.ledger, Stale(store.mongo)).decide([order(1, ("cup", 2))])
    assert calls == 3
    after = await store.products.named("cup")
    assert after is not None
    assert (after.quantity, after.version) == (3, 2)


async def test_a_failure_half_way_leaves_nothing(store: Store) -> None:
    await store.add("cup", 5)
    before = await store.everything()

    class Failing(Ledger):
        async def add(self, decisions: Sequence[Decision], versions: Mapping[str, int], session: Session) -> None:
            await super().add(decisions, versions, session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Decisions(store.mongo, Failing(store.mongo), store.products).decide([order(1, ("cup", 2))])
    assert await store.everything() == before


async def test_an_order_too_large_for_the_database_is_poison_and_leaves_nothing(store: Store) -> None:
    await store.add("cup", 5)
    before = await store.everything()
    with pytest.raises((OverflowError, PyMongoError)) as error:
        await store.decisions.decide([order(1, ("cup", 1)), order(2, ("cup", 10**30))])
    assert not is_transient(error.value)
    assert await store.everything() == before
