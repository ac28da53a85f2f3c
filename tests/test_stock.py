"""Nobody buys what is not there, however many want it at once."""

import asyncio

from tests.invariants import always, check
from tests.shop import Shop


async def test_200_buyers_for_20_pieces(shop: Shop) -> None:
    name = await shop.add_product(20)
    async with always(shop.stack):
        buyers = [f"buyer{number}@example.test" for number in range(200)]
        placed = await asyncio.gather(*(place(shop, buyer, name) for buyer in buyers))
        orders = [order for order in placed if order]
        assert len(orders) >= 20
        statuses = await shop.statuses(orders)
    assert statuses == {"ACCEPTED": 20, "REJECTED": len(orders) - 20} or statuses == {"ACCEPTED": 20}
    assert await shop.quantity(name) == 0
    await check(shop.stack, shop.books)


async def place(shop: Shop, buyer: str, name: str) -> str | None:
    """The id of the order; None if it was refused because the copy knew already that nothing is left."""
    wanted = {"products": [{"name": name, "quantity": 1}]}
    answer = await shop.call("POST", "/orders", wanted, shop.token(buyer))
    if answer.status_code == 404:
        assert answer.json()["detail"] == "The requested amount does not exist."
        assert await shop.orders_of(buyer) == []
        return None
    assert answer.status_code == 201
    shop.books.orders[answer.json()["id"]] = {"client_email": buyer, "products": answer.json()["products"]}
    return str(answer.json()["id"])


async def test_a_product_on_two_lines_never_oversells(shop: Shop) -> None:
    name = await shop.add_product(10)
    async with always(shop.stack):
        orders = [shop.order(f"two{n}@example.test", (name, 3), (name.upper(), 2)) for n in range(8)]
        statuses = await shop.statuses(await asyncio.gather(*orders))
    assert statuses == {"ACCEPTED": 2, "REJECTED": 6}
    assert await shop.quantity(name) == 0
    await check(shop.stack, shop.books)


async def test_an_order_is_taken_whole_or_not_at_all(shop: Shop) -> None:
    plenty, scarce = await shop.add_product(100), await shop.add_product(1)
    async with always(shop.stack):
        orders = [shop.order(f"both{n}@example.test", (plenty, 5), (scarce, 1)) for n in range(6)]
        statuses = await shop.statuses(await asyncio.gather(*orders))
    assert statuses == {"ACCEPTED": 1, "REJECTED": 5}
    assert (await shop.quantity(plenty), await shop.quantity(scarce)) == (95, 0)
    await check(shop.stack, shop.books)


async def test_what_is_restocked_can_be_sold(shop: Shop) -> None:
    name = await shop.add_product(1)
    assert await shop.status(await shop.order("early@example.test", (name, 1))) == "ACCEPTED"
    await check(shop.stack, shop.books)
    await shop.restock(name, 2)
    await check(shop.stack, shop.books)
    assert await shop.status(await shop.order("late@example.test", (name, 2))) == "ACCEPTED"
    assert await shop.quantity(name) == 0
    await check(shop.stack, shop.books)


async def test_an_order_with_a_key_is_placed_once(shop: Shop) -> None:
    name, token = await shop.add_product(100), shop.token("once@example.test")
    wanted = {"products": [{"name": name, "quantity": 1}]}
    answers = await asyncio.gather(*(shop.call("POST", "/orders", wanted, token, key=name) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    [order_id] = {answer.json()["id"] for answer in answers}
    shop.books.orders[order_id] = {"client_email": "once@example.test", "products": answers[0].json()["products"]}
    assert await shop.status(order_id) == "ACCEPTED"
    assert await shop.quantity(name) == 99
    await check(shop.stack, shop.books)
