"""Stock stays right when buyers compete."""

import asyncio

from local_stack.stack import Stack

from tests.invariants import check
from tests.shop import Books, Shop


async def test_200_buyers_for_20_pieces(shop: Shop, stack: Stack, books: Books) -> None:
    name = await shop.add_product(20)
    tokens = [shop.token(f"buyer{n}@example.test") for n in range(200)]
    wanted = {"products": [{"name": name, "quantity": 1}]}
    answers = await asyncio.gather(*(shop.call("POST", "/orders", wanted, token) for token in tokens))
    placed = [a.json() for a in answers if a.status_code == 201]
    refused = [a.json()["detail"] for a in answers if a.status_code != 201]
    assert len(placed) >= 20
    assert set(refused) <= {"The requested amount does not exist."}
    for order, answer in zip(placed, (a for a in answers if a.status_code == 201), strict=True):
        number = answers.index(answer)
        books.orders[order["id"]] = {"client_email": f"buyer{number}@example.test", "products": order["products"]}
    statuses = await shop.statuses(order["id"] for order in placed)
    assert statuses["ACCEPTED"] == 20
    assert await shop.quantity(name) == 0
    await check(stack, books)


async def test_one_product_on_two_lines(shop: Shop, stack: Stack, books: Books) -> None:
    name = await shop.add_product(10)
    both = {"products": [{"name": name, "quantity": 6}, {"name": name.upper(), "quantity": 6}]}
    answer = await shop.call("POST", "/orders", both, shop.token("aaa@aaa.com"))
    assert (answer.status_code, answer.json()["detail"]) == (404, "The requested amount does not exist.")
    first, second = await asyncio.gather(
        shop.order("aaa@aaa.com", (name, 3), (name, 3)), shop.order("bbb@bbb.com", (name, 3), (name, 3))
    )
    assert await shop.statuses([first, second]) == {"ACCEPTED": 1, "REJECTED": 1}
    assert await shop.quantity(name) == 4
    await check(stack, books)


async def test_an_order_with_a_key_is_placed_once(shop: Shop, stack: Stack, books: Books) -> None:
    name = await shop.add_product(100)
    token, wanted = shop.token("aaa@aaa.com"), {"products": [{"name": name, "quantity": 1}]}
    answers = await asyncio.gather(*(shop.call("POST", "/orders", wanted, token, key=name) for _ in range(20)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.json()["id"] for a in answers}) == 1
    books.orders[answers[0].json()["id"]] = {"client_email": "aaa@aaa.com", "products": answers[0].json()["products"]}
    await shop.status(answers[0].json()["id"])
    assert await shop.quantity(name) == 99
    await check(stack, books)
