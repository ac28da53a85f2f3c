"""A database of the first version is converted at start, once and repeatably, whatever it holds."""

import asyncio
import math
from decimal import Decimal
from typing import Any

import pytest
from bson import Decimal128, Int64, ObjectId
from products.repositories.first_version import convert_first_version
from products.repositories.schema import ensure_schema
from products_testing import KITCHEN, Store, order, running_shop
from shop_kit.mongo import Document, Mongo

FURNITURE = ObjectId("23fefe4a1cad4140785928a4")


def old(number: int, **fields: Any) -> Document:
    """A product as the first version wrote it."""
    usual = {"name": f"p{number}", "description": "d", "price": 5.99, "quantity": 4, "categories": [KITCHEN]}
    return {"_id": ObjectId(f"{number:024x}")} | usual | fields


def without(document: Document, field: str) -> Document:
    return {name: value for name, value in document.items() if name != field}


DUMP = [
    old(1, name="cutlery", price=5.99, quantity=200),
    old(2, name="chair", price=29.989999999999998, categories=[FURNITURE, KITCHEN]),
    old(3, name="through the api", categories=["kitchen", " Garden "]),
    old(4, categories=[str(KITCHEN), "garden"]),
    old(5, price=math.nan),
    old(6, price=math.inf, quantity=7),
    old(7, quantity=-3),
    old(8, price=-1.0),
    old(9, price=10, quantity=Int64(5)),
    old(10, price=1e300),
    old(11, quantity=2.5),
    old(12, price="12.50"),
    old(13, price=Decimal128("NaN")),
    old(14, quantity=10**12),
    old(15, description=None, categories=None),
    without(old(16), "description"),
    without(old(17), "categories"),
    without(old(18), "price"),
    old(19, name="Cutlery"),
    old(20, name="cutlery (2)"),
    old(21, name="CUTLERY"),
    old(22, name="cut-lery"),
    old(23, name="cut lery"),
    without(old(24), "name"),
    old(25, name=None),
    old(26, price=True, quantity=True),
]
PRICES = {1: "5.99", 2: "29.99", 9: "10.00", 11: "5.99"} | dict.fromkeys((5, 6, 8, 10, 13, 18, 26), "0")
SOLD_OUT = {5, 6, 7, 8, 10, 11, 13, 14, 18, 26}


@pytest.fixture
async def dump(empty: Store) -> Store:
    await empty.db.categories.insert_many(
        [{"_id": KITCHEN, "name": "kitchen"}, {"_id": FURNITURE, "name": "furniture"}]
    )
    raw = empty.db.client[empty.settings.db_name]
    await raw.products.insert_many([dict(document) for document in DUMP])
    await raw.orders.insert_one({"_id": ObjectId("7" * 24), "status": "ACCEPTED"})
    return empty


async def everything(store: Store) -> dict[str, list[Document]]:
    return {name: await store.db[name].find().sort("_id").to_list() for name in ("products", "categories", "orders")}


async def converted(store: Store) -> dict[int, Document]:
    await convert_first_version(store.mongo)
    await ensure_schema(store.mongo)
    return {int(str(d["_id"]), 16): d async for d in store.db.products.find().sort("_id")}


async def test_prices_and_quantities(dump: Store) -> None:
    after = await converted(dump)
    assert len(after) == len(DUMP)
    assert {n: after[n]["price"] for n in PRICES} == {n: Decimal(price) for n, price in PRICES.items()}
    assert {n for n, d in after.items() if d["quantity"] == 0} >= SOLD_OUT
    assert (after[1]["quantity"], after[9]["quantity"]) == (200, 5)
    assert {d["version"] for d in after.values()} == {1}
    assert all(d["outbox"]["attempts"] == 0 for d in after.values())
    assert (after[15]["description"], after[16]["description"], after[1]["description"]) == ("", "", "d")


async def test_text_categories_become_those_of_the_shop(dump: Store) -> None:
    after = await converted(dump)
    categories = {d["name_key"]: d["_id"] async for d in dump.db.categories.find()}
    assert sorted(categories) == ["furniture", "garden", "kitchen"]
    assert after[2]["categories"] == [FURNITURE, KITCHEN]
    assert after[3]["categories"] == after[4]["categories"] == [KITCHEN, categories["garden"]]
    assert after[15]["categories"] == after[17]["categories"] == []


async def test_names_and_slugs_become_unique(dump: Store) -> None:
    after = await converted(dump)
    assert after[1]["name"] == "cutlery"
    for field in ("name_key", "slug"):
        assert len({d[field] for d in after.values()}) == len(DUMP)
    assert after[20]["name"].startswith("cutlery (2)")
    assert {after[n]["name"].casefold()[:7] for n in (19, 21)} == {"cutlery"}


async def test_a_second_run_changes_nothing(dump: Store) -> None:
    await converted(dump)
    before = await everything(dump)
    for _ in range(2):
        await converted(dump)
        assert await everything(dump) == before


@pytest.mark.parametrize("crash", [1, 3, 19, 20, 24])
async def test_a_crash_half_way_does_no_harm(dump: Store, monkeypatch: pytest.MonkeyPatch, crash: int) -> None:
    left = [doc["_id"] async for doc in dump.db.products.find().sort("_id")][crash:]
    raw = dump.db.client[dump.settings.db_name].products
    kept = await raw.find({"_id": {"$in": left}}).to_list()
    await raw.delete_many({"_id": {"$in": left}})
    await convert_first_version(dump.mongo)
    await raw.insert_many(kept)
    after = await converted(dump)
    assert len({d["name_key"] for d in after.values()}) == len(DUMP)
    assert len({d["slug"] for d in after.values()}) == len(DUMP)


async def test_replicas_that_start_at_once_agree(dump: Store) -> None:
    replicas = [Mongo(dump.settings, f"replica-{n}") for n in range(3)]
    await asyncio.gather(*(convert_first_version(replica) for replica in replicas))
    for replica in replicas:
        await replica.close()
    after = await converted(dump)
    assert {d["version"] for d in after.values()} == {1}
    assert await dump.db.categories.count_documents({"name_key": "garden"}) == 1


async def test_the_service_starts_on_it_and_sells(dump: Store, settings: pytest.MonkeyPatch) -> None:
    settings.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    for _ in range(2):
        async with running_shop(dump) as shop:
            listed = (await shop.get("/products")).json()["products"]
            assert [p["name"] for p in listed[:3]] == ["cutlery", "chair", "through the api"]
            assert (listed[0]["price"], listed[0]["quantity"], listed[4]["price"]) == (5.99, 200, 0)
            assert "through the api" in await shop.names(categoryName="garden")
    answers, _ = await dump.decisions.decide([order(1, ("cutlery", 200)), order(2, ("p5", 1))])
    assert [decision.status for decision in answers] == ["ACCEPTED", "REJECTED"]
