"""One Idempotency-Key at two replicas at once: one order, whichever was first, and both clients are told of it."""

from collections.abc import Sequence

import pytest
from bson import ObjectId
from local_stack.holding import Point, held
from orders.errors import KeyReusedError, NotEnoughError
from orders_racing import Replica
from orders_testing import fixture, snapshot
from shop_kit.mongo import Document

Replicas = tuple[Replica, Replica]
CHAIR = ObjectId()


@fixture(autouse=True)
async def copy(replicas: Replicas) -> None:
    await replicas[0].tell(snapshot("chair", 1, key=CHAIR), snapshot("table", 5))


async def asked(*replicas: Replica) -> list[str]:
    for replica in replicas:
        await replica.questions.close()
    return [order_id for replica in replicas for order_id in replica.broker.asked]


@pytest.mark.parametrize("method", ["by_key", "add"])
async def test_the_same_order(replicas: Replicas, method: str) -> None:
    first, rival = replicas
    point = Point(first.orders, method, before=method == "add")
    async with held(first.place(("chair", 1), key="k"), point) as one:
        order = await rival.place((" CHAIR", 1), key="k")
    assert one.result() == order
    assert [document["_id"] for document in await rival.stored()] == [order.id]
    assert await asked(first, rival) == [str(order.id)]


async def test_the_same_order_while_the_first_is_not_answered(replicas: Replicas) -> None:
    first, rival = replicas
    async with held(first.place(("chair", 1), key="k"), Point(first.orders, "add")) as one:
        order = await rival.place(("chair", 1), key="k")
    assert one.result() == order
    assert await asked(first, rival) == [str(order.id)]


@pytest.mark.parametrize("method", ["by_key", "add"])
async def test_another_order(replicas: Replicas, method: str) -> None:
    first, rival = replicas
    point = Point(first.orders, method, before=method == "add")
    async with held(first.place(("table", 1), key="k"), point) as one:
        order = await rival.place(("table", 2), key="k")
    assert isinstance(one.exception(), KeyReusedError)
    [document] = await rival.stored()
    assert (document["_id"], [line["quantity"] for line in document["products"]]) == (order.id, [2])
    assert await asked(first, rival) == [str(order.id)]


async def test_the_same_order_took_the_last_piece_meanwhile(replicas: Replicas) -> None:
    """Who repeats a request is told of its order, and not that the pieces it bought itself are lacking now."""
    first, rival = replicas
    async with held(first.place(("chair", 1), key="k"), Point(first.orders, "by_key")) as one:
        order = await rival.place(("chair", 1), key="k")
        await rival.settle(order, "ACCEPTED")
        await rival.tell(snapshot("chair", 0, 2, key=CHAIR))
    assert (one.result().id, one.result().status) == (order.id, "ACCEPTED")
    assert await asked(first, rival) == [str(order.id)]
    with pytest.raises(NotEnoughError):
        await first.place(("chair", 1), key="another")
    assert len(await rival.stored()) == 1


async def test_another_order_with_the_key_took_the_last_piece_meanwhile(replicas: Replicas) -> None:
    first, rival = replicas
    async with held(first.place(("chair", 1), ("table", 1), key="k"), Point(first.orders, "by_key")) as one:
        order = await rival.place(("chair", 1), key="k")
        await rival.tell(snapshot("chair", 0, 2, key=CHAIR))
    assert isinstance(one.exception(), KeyReusedError)
    assert [document["_id"] for document in await rival.stored()] == [order.id]


@pytest.mark.parametrize("key", [None, "k"])
async def test_a_write_that_the_driver_repeats(replicas: Replicas, key: str | None) -> None:
    """The answer to the first was lost on its way. Without care, whoever asked once would have two orders."""
    replica, _ = replicas

    async def twice(documents: Sequence[Document], *, ordered: bool) -> None:
        patch.undo()
        await collection.insert_many(documents, ordered=ordered)
        await collection.insert_many(documents, ordered=ordered)

    collection = replica.orders._orders
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(collection, "insert_many", twice)
        order = await replica.place(("table", 1), key=key)
    assert [document["_id"] for document in await replica.stored()] == [order.id]
