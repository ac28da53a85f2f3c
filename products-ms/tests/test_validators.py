"""The database itself refuses what must never be, whoever writes it."""

from typing import Any

import pytest
from products.repositories.schema import ensure_schema
from products_testing import Store
from pymongo.errors import DuplicateKeyError, WriteError


@pytest.mark.parametrize(
    "change",
    [
        {"$inc": {"quantity": -6}},
        {"$set": {"quantity": 10_000_001}},
        {"$set": {"quantity": 1.5}},
        {"$set": {"price": 5.99}},
        {"$set": {"version": 0}},
        {"$set": {"categories": ["kitchen"]}},
        {"$unset": {"slug": ""}},
        {"$set": {"picture": None}},
        {"$set": {"picture": {"sizes": []}}},
        {"$set": {"picture": {"sizes": [{"width": 320, "height": 0, "picture": "0" * 32}]}}},
        {"$set": {"picture": {"sizes": [{"width": 320, "height": 240}]}}},
    ],
)
async def test_a_product_out_of_bounds_is_refused(store: Store, change: dict[str, Any]) -> None:
    await store.add("cup", 5)
    before = await store.everything()
    with pytest.raises(WriteError) as refusal:
        await store.db.products.update_one({"name": "cup"}, change)
    assert refusal.value.code == 121
    assert await store.everything() == before


async def test_a_ledger_row_is_accepted_or_rejected(store: Store) -> None:
    for status in ("PENDING", None):
        with pytest.raises(WriteError):
            await store.db.orders.insert_one({"status": status})
    assert await store.db.orders.count_documents({}) == 0


async def test_a_picture_is_bytes_under_their_hash(store: Store) -> None:
    for wrong in ({"_id": "0" * 32, "data": "text"}, {"_id": "0" * 32}, {"_id": "x", "data": b""}, {"data": b""}):
        with pytest.raises(WriteError):
            await store.db.pictures.insert_one(wrong)
    assert await store.db.pictures.count_documents({}) == 0


async def test_names_and_slugs_are_unique(store: Store) -> None:
    await store.add("cup", 5)
    cup = await store.db.products.find_one({}, {"_id": 0})
    assert cup is not None
    for other in ({"name_key": "other"}, {"slug": "other"}):
        with pytest.raises(DuplicateKeyError):
            await store.db.products.insert_one(cup | other)
    assert await store.stock() == {"cup": 5}


async def test_the_schema_is_made_once_and_repeatably(store: Store) -> None:
    async def indexes() -> dict[str, Any]:
        return {name: await store.db[name].index_information() for name in ("products", "categories", "orders")}

    before = await indexes()
    await ensure_schema(store.mongo)
    assert await indexes() == before
    assert {name: ("unique" in index, "sparse" in index) for name, index in before["products"].items()} == {
        "_id_": (False, False),
        "name_key_1": (True, False),
        "slug_1": (True, False),
        "outbox.due_1": (False, True),
    }
