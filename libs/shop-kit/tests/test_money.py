"""Money is never a float between the wire and the database."""

import json
from decimal import Decimal
from typing import Any

import pytest
from bson import Decimal128
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from shop_kit.money import MAX_PRICE, Amount, Price
from shop_kit.mongo import Mongo


class Tag(BaseModel):
    price: Price


cents = st.integers(0, MAX_PRICE * 100).map(lambda n: Decimal(n).scaleb(-2))


@given(cents)
def test_every_price_survives_the_wire(price: Decimal) -> None:
    text = Tag(price=price).model_dump_json()
    assert Tag.model_validate_json(text).price == price
    # As a web framework does it: the body is parsed with Python's own json first.
    assert Tag.model_validate(json.loads(text)).price == price


async def test_prices_are_kept_as_decimals_and_read_back(mongo: Mongo) -> None:
    prices = [Decimal(text) for text in ("0", "0.1", "5.99", "1299.99", "0.30", "1000000.00")]
    await mongo.db.tags.insert_many([{"_id": n, "price": price} for n, price in enumerate(prices)])
    assert [d["price"] async for d in mongo.db.tags.find().sort("_id")] == prices
    raw = mongo.db.client[mongo.db.name].tags
    stored = [d["price"] async for d in raw.find().sort("_id")]
    assert stored == [Decimal128(price) for price in prices]
    assert [d["_id"] async for d in mongo.db.tags.find().sort("price")] == [0, 1, 4, 2, 3, 5]


@pytest.mark.parametrize(
    ("given", "price"),
    [("10", "10"), ("10.5", "10.5"), (0, "0"), (0.1, "0.1"), (5.99, "5.99"), (1e3, "1000.0"), (" 7 ", "7")],
)
def test_numbers_and_their_text_are_prices(given: Any, price: str) -> None:
    assert Tag.model_validate({"price": given}).price == Decimal(price)


@pytest.mark.parametrize(
    "given",
    [
        *("", "ten", "NaN", "sNaN", "Infinity", "-1", "1.001", "1e400", "0x10", "1,5"),
        *(-0.01, 0.001, 5.999, 1_000_000.01, float("nan"), float("inf"), 1e300, 10**400, True, None, [], {}),
    ],
    ids=lambda given: str(given)[:20],
)
def test_anything_else_is_no_price(given: Any) -> None:
    with pytest.raises(ValidationError):
        Tag.model_validate({"price": given})


def test_amounts_are_numbers_on_the_wire() -> None:
    class Bill(BaseModel):
        total: Amount

    assert Bill(total=Decimal("83.94")).model_dump_json() == '{"total":83.94}'
