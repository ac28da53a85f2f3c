"""Admins add products: lower-cased names, numbers as text, one product a name."""

import asyncio
import json
from decimal import Decimal
from typing import Any

from bson import Decimal128, ObjectId
from products_testing import KITCHEN, Shop, token

TEA_POT = {"name": "Tea POT", "description": "For Tea", "price": "12.50", "quantity": "10", "categories": ["Kitchen"]}
NUMBERS: list[tuple[tuple[Any, Any], float, int]] = [
    ((0, 0), 0, 0),
    (("0.00", "0"), 0, 0),
    ((0.1, 10_000_000), 0.1, 10_000_000),
    ((1_000_000, 3.0), 1_000_000, 3),
    ((1299.99, "1"), 1299.99, 1),
]


async def test_a_product_is_added_as_sent_with_its_names_lower_cased(shop: Shop) -> None:
    answer = await shop.post("/products", {"product": TEA_POT})
    expected = {
        "name": "tea pot",
        "slug": "tea-pot",
        "description": "For Tea",
        "price": 12.5,
        "quantity": 10,
        "categories": ["kitchen"],
        "picture": None,
    }
    assert (answer.status_code, answer.json()) == (201, expected)
    assert (await shop.get("/products/tea-pot")).json() == expected
    assert "tea pot" in await shop.names(categoryName="kitchen")
    raw = await shop.store.db.client[shop.store.settings.db_name].products.find_one({"name": "tea pot"})
    assert raw is not None
    assert (raw["price"], raw["quantity"], raw["version"]) == (Decimal128("12.50"), 10, 1)
    assert (raw["categories"], raw["name_key"]) == ([KITCHEN], "tea pot")


async def test_numbers(shop: Shop) -> None:
    for number, (given, price, quantity) in enumerate(NUMBERS):
        answer = await shop.add(f"mug {number}", price=given[0], quantity=given[1])
        assert (given, answer.status_code) == (given, 201)
        assert (answer.json()["price"], answer.json()["quantity"]) == (price, quantity)
        stored = await shop.store.products.named(f"mug {number}")
        assert stored is not None
        assert stored.price == Decimal(str(price))


async def test_a_body_that_does_not_say_it_is_json(shop: Shop) -> None:
    for number, content_type in enumerate([None, "text/plain;charset=UTF-8", "application/x-www-form-urlencoded"]):
        headers = {"Authorization": f"Bearer {token('admin')}"}
        headers |= {"Content-Type": content_type} if content_type else {}
        body = json.dumps({"product": TEA_POT | {"name": f"pot {number}"}}).encode()
        assert (await shop.client.post("/products", content=body, headers=headers)).status_code == 201


async def test_a_taken_name_is_refused_in_any_case(shop: Shop) -> None:
    before = await shop.store.everything()
    for name in ("cutlery", "CUTLERY", " Cutlery "):
        answer = await shop.add(name, price=9)
        assert (answer.status_code, answer.json()["detail"]) == (400, "Product already exists")
    assert await shop.store.everything() == before


async def test_one_name_at_once_is_added_once(shop: Shop) -> None:
    spellings = ["Tea Pot", "tea pot", "TEA POT", "tEA pOT"] * 3
    answers = await asyncio.gather(*(shop.add(name, price=n) for n, name in enumerate(spellings)))
    assert sorted(answer.status_code for answer in answers) == [201] + [400] * 11
    assert (await shop.names()).count("tea pot") == 1
    winner = next(answer for answer in answers if answer.status_code == 201).json()
    assert (await shop.get("/products", name="tea pot")).json() == {"products": [winner], "next": None}


async def test_slugs_are_unique(shop: Shop) -> None:
    slugs = [(await shop.add(name)).json()["slug"] for name in ("Tea Pot", "tea-pot", "Tea: Pot!", "椅子", "机")]
    assert (slugs[0], slugs[3]) == ("tea-pot", "product")
    assert len(set(slugs)) == 5
    for slug, name in zip(slugs, ("tea pot", "tea-pot", "tea: pot!", "椅子", "机"), strict=True):
        assert (await shop.get(f"/products/{slug}")).json()["name"] == name


async def test_an_unknown_category_is_refused(shop: Shop) -> None:
    before = await shop.store.everything()
    for categories in (["no such"], ["kitchen", "no such"], ["kitch.*"], ["22fefe4a1cad4140785928a4"]):
        answer = await shop.add("tea pot", categories=categories)
        assert (answer.status_code, answer.json()["detail"]) == (404, "The requested category does not exist.")
    assert await shop.store.everything() == before


async def test_categories_may_be_empty_or_said_twice(shop: Shop) -> None:
    assert (await shop.add("mug")).json()["categories"] == []
    assert (await shop.add("cup", categories=["Kitchen", "KITCHEN", "toys"])).json()["categories"] == [
        "kitchen",
        "toys",
    ]


async def test_unknown_fields_are_ignored(shop: Shop) -> None:
    answer = await shop.add("mug", _id="x", id=1, version=99, slug="mine", outbox=None, **{"$set": {"price": 0}})
    assert (answer.status_code, answer.json()["slug"]) == (201, "mug")
    stored = await shop.store.db.products.find_one({"name": "mug"})
    assert stored is not None
    assert not {"id", "$set"} & set(stored)
    assert (type(stored["_id"]), stored["version"], stored["price"]) == (ObjectId, 1, Decimal(1))
    assert stored["outbox"]["attempts"] >= 0
