"""Two replicas of each service race for one order: it is decided once, whatever is asked and answered when."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from local_stack.holding import Point, held, run_until_again
from orders.models import Order
from shop_kit.kafka import Message

from tests.carried import TwoOfEach

PAST = {"$set": {"outbox.due": datetime(2020, 1, 1, tzinfo=UTC)}}


@pytest.fixture
async def both(mongo_uri: str) -> AsyncIterator[TwoOfEach]:
    """Two of each, and 5 cups that both services know of."""
    made = TwoOfEach(mongo_uri)
    await made.begin()
    seller = made.products[0]
    await seller.catalogue.add("cup", "", Decimal("1.50"), 5, [])
    await seller.snapshots.flush()
    await made.orders[0].receive(seller.post.collect())
    yield made
    await made.end()


async def placed(both: TwoOfEach, quantity: int = 2) -> tuple[Order, list[Message]]:
    """An order of cups, and its question."""
    buyer = both.orders[1]
    order = await buyer.ordering.place("ann@example.test", [("cup", quantity)], None)
    await buyer.questions.close()
    return order, buyer.post.collect()


async def state(both: TwoOfEach) -> dict[str, list[tuple[object, ...]]]:
    """The orders, the ledger, the stock and its copy, from their databases."""
    orders, products = both.orders[0].mongo.db, both.products[0].mongo.db
    return {
        "orders": [(o["status"], "outbox" in o) async for o in orders.orders.find().sort("_id")],
        "ledger": [(row["status"],) async for row in products.orders.find().sort("_id")],
        "stock": [(p["quantity"], p["version"]) async for p in products.products.find()],
        "copy": [(p["quantity"], p["version"]) async for p in orders.products.find()],
    }


@pytest.mark.parametrize(("quantity", "status", "left"), [(2, "ACCEPTED", (3, 2)), (5, "REJECTED", (4, 2))])
async def test_an_order_is_settled_while_it_is_asked_again(
    both: TwoOfEach, quantity: int, status: str, left: tuple[int, int]
) -> None:
    (sweeper, buyer), (seller, other_seller) = both.orders, both.products
    order, question = await placed(both, quantity)
    if status == "REJECTED":
        await seller.catalogue.restock("cup", -1, None)
    await buyer.mongo.db.orders.update_one({"_id": order.id}, PAST)
    async with held(sweeper.questions.sweep(), Point(sweeper.post, "publish", before=True)) as sweep:
        await seller.receive(question)
        answer = seller.post.collect()
        await buyer.receive(answer)
        await seller.snapshots.flush()
        await buyer.receive(seller.post.collect())
        settled = await state(both)
    sweep.result()
    asked_again = sweeper.post.collect()
    assert [message.key for message in asked_again] == [str(order.id).encode()]
    assert settled == {"orders": [(status, False)], "ledger": [(status,)], "stock": [left], "copy": [left]}
    await other_seller.receive(asked_again)
    answered_again = other_seller.post.collect()
    assert [m.key for m in answered_again] == [m.key for m in answer] == [str(order.id).encode()]
    await sweeper.receive(answered_again)
    await sweeper.receive(answer)
    await sweeper.questions.sweep()
    assert sweeper.post.collect() == []
    assert await state(both) == settled


@pytest.mark.parametrize("open_transaction", [False, True])
@pytest.mark.parametrize("first_answers_first", [False, True])
async def test_the_question_and_its_repetition_are_decided_at_once(
    both: TwoOfEach, open_transaction: bool, first_answers_first: bool
) -> None:
    (sweeper, buyer), (first, rival) = both.orders, both.products
    order, question = await placed(both)
    await buyer.mongo.db.orders.update_one({"_id": order.id}, PAST)
    await sweeper.questions.sweep()
    point = Point(first.products, "_change", before=not open_transaction)
    async with held(first.receive(question), point) as one:
        two = await run_until_again(rival.receive(sweeper.post.collect()), rival.ledger, "decided")
        assert two.done() is not open_transaction
    one.result()
    await two
    answers = [first.post.collect(), rival.post.collect()]
    for answer in answers if first_answers_first else reversed(answers):
        await buyer.receive(answer)
        assert (await state(both))["orders"] == [("ACCEPTED", False)]
    decider = first if open_transaction else rival
    await decider.snapshots.flush()
    await buyer.receive(decider.post.collect())
    assert await state(both) == {
        "orders": [("ACCEPTED", False)],
        "ledger": [("ACCEPTED",)],
        "stock": [(3, 2)],
        "copy": [(3, 2)],
    }


async def test_snapshots_of_a_decision_and_a_restock_come_in_the_wrong_sequence(both: TwoOfEach) -> None:
    (buyer, other_buyer), (first, rival) = both.orders, both.products
    _, question = await placed(both)
    async with held(first.receive(question), Point(first.products, "_change", before=True)) as one:
        await rival.catalogue.restock("cup", 4, None)
    one.result()
    await buyer.receive(first.post.collect())
    await first.snapshots.flush()
    await rival.snapshots.flush()
    newer, older = first.post.collect(), rival.post.collect()
    async with held(buyer.receive(older), Point(buyer.copies, "keep", before=True)):
        await other_buyer.receive(newer)
    await other_buyer.receive([*newer, *older])
    assert await state(both) == {
        "orders": [("ACCEPTED", False)],
        "ledger": [("ACCEPTED",)],
        "stock": [(7, 3)],
        "copy": [(7, 3)],
    }
