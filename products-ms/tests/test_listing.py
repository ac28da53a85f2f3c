"""The catalogue as clients of the first version read it."""

from importlib.resources import files
from typing import Any

import pytest
from products.repositories.start_data import add_start_data
from products_testing import COLLECTIONS, Shop, Store, running_shop

CONTRACT = [
    ("cutlery", "An interesting set of cutlery", 5.99, 200, ["kitchen"]),
    ("chair", "A comfortable armchair", 29.99, 30, ["furniture", "kitchen"]),
    ("laptop", "A powerful computing device", 1299.99, 1, ["electronics"]),
    ("headphones", "Wireless noise-cancelling headphones", 99.99, 1, ["electronics"]),
]
FIELDS = ["name", "slug", "description", "price", "quantity", "categories", "picture"]


async def test_the_start_data_is_that_of_the_contract(shop: Shop) -> None:
    answer = await shop.get("/products")
    assert (answer.status_code, list(answer.json())) == (200, ["products", "next"])
    listed: list[dict[str, Any]] = answer.json()["products"]
    assert len(listed) == 32
    assert [tuple(product[f] for f in FIELDS if f not in ("slug", "picture")) for product in listed[:4]] == CONTRACT
    ids = [f"{n}fefe4a1cad4140785928a4" for n in (10, 11, 12, 13)]
    assert [str(d["_id"]) async for d in shop.store.db.products.find().sort("_id").limit(4)] == ids
    ledger = {str(d["_id"])[:2]: d["status"] async for d in shop.store.db.orders.find()}
    assert ledger == {"71": "ACCEPTED", "72": "ACCEPTED", "73": "REJECTED"}


async def test_each_product_of_the_start_data_has_its_drawing(shop: Shop) -> None:
    listed = (await shop.get("/products")).json()["products"]
    for product in listed:
        sizes = [(size["width"], size["height"]) for size in product["picture"]["sizes"]]
        assert sizes == [(320, 240), (640, 480), (1280, 960)], product["slug"]
    drawings = files("products").joinpath("pictures").iterdir()
    ends = (".svg", "-320.webp", "-640.webp", "-1280.webp")
    names = {f"{product['slug']}{end}" for product in listed for end in ends}
    assert {drawing.name for drawing in drawings} == names


async def test_no_product_shows_its_id(shop: Shop) -> None:
    added = (await shop.add("Mug")).json()
    listed = (await shop.get("/products")).json()["products"]
    by_name = (await shop.get("/products", name="mug")).json()["products"]
    single = (await shop.get("/products/mug")).json()
    for product in (added, *listed, *by_name, single):
        assert list(product) == FIELDS


async def test_products_are_listed_oldest_first(shop: Shop) -> None:
    for name in ("zebra", "ant", "mule"):
        assert (await shop.add(name)).status_code == 201
    names = await shop.names()
    assert (names[:4], names[-3:]) == (["cutlery", "chair", "laptop", "headphones"], ["zebra", "ant", "mule"])
    assert (await shop.names(categoryName="furniture"))[0] == "chair"


async def test_filters(shop: Shop) -> None:
    await shop.add("straße", categories=["KITCHEN"])
    await shop.add("a.c", categories=["furniture"])
    everything = await shop.names()
    kitchen = await shop.names(categoryName="kitchen")
    assert {"cutlery", "chair", "straße"} < set(kitchen) < set(everything)
    for params, names in [
        ({"name": "CutLery"}, ["cutlery"]),
        ({"name": "  chair "}, ["chair"]),
        ({"name": "STRASSE"}, ["straße"]),
        ({"name": "a.c"}, ["a.c"]),
        ({"name": "cutlery", "categoryName": "electronics"}, ["cutlery"]),
        ({"name": "cutlery", "categoryName": "no such"}, ["cutlery"]),
        ({"name": "", "categoryName": "Kitchen"}, kitchen),
        ({"name": ""}, everything),
        ({"categoryName": ""}, everything),
        ({"name": "", "categoryName": ""}, everything),
        ({"page": "2", "$where": "1"}, everything),
    ]:
        assert (params, await shop.names(**params)) == (params, names)


async def test_names_are_never_patterns(shop: Shop) -> None:
    await shop.add("a.c")
    for name in (".*", "cutler.", "^cutlery$", "cutlery|chair", "cut", "abc", "$ne", "[a-z]+", "(", "\\", "*"):
        for params, detail in [
            ({"name": name}, "The requested product does not exist."),
            ({"categoryName": name}, "The requested category does not exist."),
        ]:
            answer = await shop.get("/products", **params)
            assert (params, answer.status_code, answer.json()["detail"]) == (params, 404, detail)


async def test_one_product_by_its_slug(shop: Shop) -> None:
    answer = await shop.get("/products/desk-lamp")
    assert (answer.status_code, answer.json()["name"], answer.json()["price"]) == (200, "desk lamp", 34.5)
    answer = await shop.get("/products/no-such")
    assert (answer.status_code, answer.json()["detail"]) == (404, "The requested product does not exist.")


async def test_categories(shop: Shop) -> None:
    listed = (await shop.get("/categories")).json()
    assert listed == {
        "categories": [{"name": n} for n in ("electronics", "kitchen", "furniture", "garden", "books", "toys")]
    }
    answer = await shop.post("/categories", {"name": " Café Gear "})
    assert (answer.status_code, answer.json()) == (201, {"name": "café gear"})
    answer = await shop.post("/categories", {"name": "CAFÉ gear"})
    assert (answer.status_code, answer.json()["detail"]) == (400, "Category already exists")
    assert (await shop.get("/categories")).json()["categories"][6:] == [{"name": "café gear"}]
    assert await shop.names(categoryName="cafe\u0301 GEAR") == []


async def test_start_data_is_added_once(store: Store) -> None:
    await add_start_data(store.mongo)
    await store.db.products.delete_many({"name": {"$ne": "chair"}})
    await store.db.products.update_one({"name": "chair"}, {"$set": {"quantity": 1}})
    before = await store.everything()
    await add_start_data(store.mongo)
    assert await store.everything() == before


@pytest.mark.parametrize("environment", ["production", None])
async def test_production_starts_empty(empty: Store, settings: pytest.MonkeyPatch, environment: str | None) -> None:
    settings.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    if environment:
        settings.setenv("ENVIRONMENT", environment)
    async with running_shop(empty) as shop:
        assert (await shop.get("/products")).json() == {"products": [], "next": None}
        assert (await shop.get("/categories")).json() == {"categories": []}
        assert (await shop.client.get("/error")).status_code == 404
    assert await empty.everything() == {name: [] for name in COLLECTIONS}
