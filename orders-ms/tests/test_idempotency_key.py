"""With an Idempotency-Key an order is placed once, however often it is asked for. Keys are each client's own."""

import asyncio

import pytest
from orders_testing import Service, fixture, refusal, snapshot

BOB = "bob@example.test"
REUSED = (422, "This Idempotency-Key was used for another order")


@fixture(autouse=True)
async def copy(service: Service) -> None:
    await service.tell(snapshot("chair", 30), snapshot("table", 30))


async def test_the_same_again_is_the_same_order(service: Service) -> None:
    first = await service.order(("chair", 1), ("table", 2), key="k")
    again = await service.order((" CHAIR", 1), ("table", 2), key="k")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert len(await service.stored()) == 1


async def test_twenty_at_once_are_one_order(service: Service) -> None:
    answers = await asyncio.gather(*(service.order(("chair", 1), key="k") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert [str(order["_id"]) for order in await service.stored()] == [answers[0].json()["id"]]


@pytest.mark.parametrize("lines", [[("chair", 2)], [("table", 1)], [("chair", 1), ("table", 1)], [("chair", 1)] * 2])
async def test_another_order_with_the_key_is_refused(service: Service, lines: list[tuple[str, int]]) -> None:
    await service.order(("chair", 1), key="k")
    assert refusal(await service.order(*lines, key="k")) == REUSED
    [document] = await service.stored()
    assert [line["quantity"] for line in document["products"]] == [1]


async def test_keys_are_each_clients_own(service: Service) -> None:
    ann, bob = await service.order(("chair", 1), key="k"), await service.order(("chair", 1), email=BOB, key="k")
    assert (ann.status_code, bob.status_code) == (201, 201)
    assert ann.json()["id"] != bob.json()["id"]


async def test_without_a_key_each_is_an_order_of_its_own(service: Service) -> None:
    ids = {(await service.order(("chair", 1))).json()["id"] for _ in range(3)}
    assert len(ids) == 3


async def test_the_order_stays_the_same_when_it_is_decided_and_the_stock_is_gone(service: Service) -> None:
    first = (await service.order(("chair", 1), key="k")).json()
    await service.db.orders.update_one({}, {"$set": {"status": "ACCEPTED"}, "$unset": {"outbox": ""}})
    await service.db.products.delete_many({})
    assert (await service.order(("chair", 1), key="k")).json() == first | {"status": "ACCEPTED"}


async def test_a_refusal_uses_no_key(service: Service) -> None:
    assert refusal(await service.order(("chair", 31), key="k"))[0] == 404
    assert (await service.order(("chair", 30), key="k")).status_code == 201


@pytest.mark.parametrize("key", ["", "k" * 201])
async def test_a_key_has_1_to_200_characters(service: Service, key: str) -> None:
    answer = await service.order(("chair", 1), key=key)
    assert refusal(answer) == (400, "Bad request format")
    assert answer.json()["errors"][0]["pointer"] == "/idempotency-key"
    assert await service.stored() == []
