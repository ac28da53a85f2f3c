"""Pages of the catalogue: each product once and in order, whatever is added meanwhile; and what is refused."""

import asyncio
from typing import Any

import pytest
from products.domain.wanted import SORTS
from products.repositories.listings import Listings
from products.repositories.products import Products
from products_testing import KITCHEN, Shop, Store
from shop_kit.mongo import Mongo

TIES = [f"{adjective} {thing}" for adjective in ("blue", "green", "tiny") for thing in ("cup", "bowl", "jug", "äpfel")]
ORDERED: dict[str, Any] = {
    "oldest": lambda p: p["number"],
    "newest": lambda p: -p["number"],
    "price": lambda p: (p["price"], p["number"]),
    "-price": lambda p: (-p["price"], -p["number"]),
    "name": lambda p: p["name"],
}


@pytest.fixture
async def shelves(shop: Shop) -> Shop:
    """The start data, and a dozen products with three prices."""
    for number, name in enumerate(TIES):
        added = await shop.add(name, price=number % 3 * 5 + 10, categories=["toys"], description="For Alice's party")
        assert added.status_code == 201
    return shop


async def paged(shop: Shop, limit: int, between: str = "", **params: str) -> list[dict[str, Any]]:
    """All pages, one after the other; `between` them a product is added, with numbers after that name."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = await shop.get("/products", limit=str(limit), cursor=cursor, **params)
        assert answer.status_code == 200, answer.text
        found += answer.json()["products"]
        assert len(answer.json()["products"]) == limit or answer.json()["next"] is None
        cursor = answer.json()["next"]
        if between:
            price = 0 if len(found) % 2 else 15
            added = await shop.add(f"{between} {len(found)}", price=price, categories=["toys"])
            assert added.status_code == 201
            between = between if len(found) < 60 else ""
    return found


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("filters", [{}, {"categoryName": "toys"}, {"q": "b"}, {"q": "al", "categoryName": "Toys"}])
async def test_pages_hold_each_product_once_and_in_order(shelves: Shop, sort: str, filters: dict[str, str]) -> None:
    everything = (await shelves.get("/products")).json()["products"]
    number = {product["name"]: n for n, product in enumerate(everything)}
    listed = (await shelves.get("/products", sort=sort, **filters)).json()
    assert listed["next"] is None
    names = [product["name"] for product in listed["products"]]
    assert len(names) == len(set(names)) > 5
    expected = sorted(listed["products"], key=lambda p: ORDERED[sort](p | {"number": number[p["name"]]}))
    assert listed["products"] == expected
    assert await paged(shelves, 5, sort=sort, **filters) == expected


@pytest.mark.parametrize("sort", SORTS)
async def test_products_that_are_added_meanwhile_move_no_other(shelves: Shop, sort: str) -> None:
    before = (await shelves.get("/products", sort=sort)).json()["products"]
    found = await paged(shelves, 3, between="meanwhile", sort=sort)
    assert [product for product in found if not product["name"].startswith("meanwhile")] == before
    assert len({product["name"] for product in found}) == len(found)


async def test_a_page_may_end_with_the_last_product(shelves: Shop) -> None:
    params = {"q": "party", "categoryName": "toys"}
    whole = (await shelves.get("/products", limit="12", **params)).json()
    assert (len(whole["products"]), whole["next"]) == (12, None)
    first = (await shelves.get("/products", limit="11", **params)).json()
    second = (await shelves.get("/products", limit="11", cursor=first["next"], **params)).json()
    assert (first["products"] + second["products"], second["next"]) == (whole["products"], None)


async def test_the_newest_of_the_start_data(shop: Shop) -> None:
    assert (await shop.names(sort="newest", limit="2")) == ["garden lantern", "picture book"]
    await shop.add("mug")
    assert (await shop.names(sort="newest", limit="2")) == ["mug", "garden lantern"]


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("cutl", ["cutlery"]),
        ("CUTLERY", ["cutlery"]),
        ("utlery", []),
        ("set cut", ["cutlery"]),
        ("cut set nothing", []),
        ("chefs", ["chef's knife"]),
        ("Chef\u2019s kn", ["chef's knife"]),
        ("e-read", ["e-reader"]),
        ("cafe", ["café crème"]),
        ("CAFÉ creme", ["café crème"]),
        ("cre\u0300me", ["café crème"]),
        ("strasse", ["straße"]),
        ("椅", ["椅子"]),
        ("127 cm", ["standing desk"]),
        ("  kite  ", ["kite"]),
        ("internationalisation", ["internationalizable"]),
        ("internationa", ["internationalizable"]),
        ("internat-", ["internationalizable"]),
        (".*", []),
        ("^c", ["cutlery"]),
        ("$ne", []),
        ("[a-z]+", []),
        ("\\", []),
        ("🎉", []),
        ("\x00", []),
        ("-", []),
        ("' or 1=1", []),
        ("z" * 200, []),
    ],
)
async def test_search(shop: Shop, q: str, names: list[str]) -> None:
    for name in ("café crème", "straße", "椅子", "internationalizable"):
        await shop.add(name)
    found = await shop.names(q=q)
    assert (set(names) <= set(found), bool(names)) == (True, bool(found))
    if q not in ("^c", "e-read"):
        assert found == names


async def test_a_product_is_found_by_its_first_hundred_words(shop: Shop) -> None:
    await shop.add("mug", description=" ".join(f"w{n}" for n in range(2, 102)))
    assert [await shop.names(q=q) for q in ("w100", "w101")] == [["mug"], []]


async def test_empty_values_count_as_none(shop: Shop) -> None:
    everything = (await shop.get("/products")).json()
    assert (await shop.get("/products", q="", sort="", limit="", cursor="", name="")).json() == everything
    assert (await shop.get("/products", q="  ")).json() == everything


async def test_a_name_wins_over_every_filter(shop: Shop) -> None:
    assert await shop.names(name="chair", q="laptop", sort="-price", limit="1", categoryName="toys") == ["chair"]
    assert (await shop.get("/products", name="chair", limit="1")).json()["next"] is None
    assert (await shop.get("/products", q="chair", categoryName="no such")).status_code == 404


async def test_a_cursor_belongs_to_its_sort_and_filter(shop: Shop) -> None:
    own = {"sort": "price", "q": "B A", "categoryName": "toys"}
    cursor = (await shop.get("/products", limit="1", **own)).json()["next"]
    same = [own, own | {"q": "a b"}, own | {"q": "Á, b"}, own | {"categoryName": "TOYS"}, own | {"limit": "1"}]
    answers = [await shop.get("/products", cursor=cursor, **params) for params in same]
    assert {answer.status_code for answer in answers} == {200}
    for change in (
        *({"sort": "-price"}, {"sort": ""}, {"q": "b"}, {"q": ""}, {"categoryName": "books"}, {"categoryName": ""}),
        {"name": "chair"},
    ):
        answer = await shop.get("/products", cursor=cursor, **own | change)
        assert (change, answer.status_code) == (change, 400)
        assert answer.json()["detail"].startswith("cursor belongs to another")


@pytest.mark.parametrize(
    ("params", "detail"),
    [
        ({"sort": sort}, "sort must be one of oldest, newest, price, -price, name")
        for sort in ("best", "Price", " price", "price,name", "--price", "$natural", "\x00", "🎉", "x" * 9000)
    ]
    + [
        ({"limit": limit}, "limit must be a whole number from 1 to 100")
        for limit in ("0", "-1", "101", "1000", "1.0", "1e1", " 1", "ten", "٣", "0x1", "01", "NaN", "\x00", "9" * 5000)
    ]
    + [
        ({"q": "x" * 201}, "q must have at most 200 characters"),
        ({"q": "🎉" * 5000}, "q must have at most 200 characters"),
        ({"q": "a b c d e f g h i j k"}, "q must have at most 10 words"),
        ({"cursor": "AAAAAAAAAAAAAAAA"}, "cursor belongs to another sort or filter: ask without it to begin anew"),
    ]
    + [
        ({"cursor": cursor}, "cursor is not one that this shop gave")
        for cursor in ("x", "!", "🎉", "\x00", "a b c d", "____________", "=", "x" * 4001, "$gt", "AAAA\nAAAA")
    ],
)
async def test_what_is_refused(shop: Shop, params: dict[str, str], detail: str) -> None:
    for more in ({}, {"name": "chair"}) if "cursor" not in params else ({},):
        answer = await shop.get("/products", **params | more)
        assert (answer.status_code, answer.json()["detail"]) == (400, detail)
        assert answer.headers["Content-Type"] == "application/problem+json"


async def test_what_is_not_listed_is_listed_at_start_beside_a_replica(start_data: Store) -> None:
    """As after an update from a version without listings, with one of them made before a crash."""
    replicas = [Mongo(start_data.settings, f"replica-{n}") for n in range(3)]
    await Listings(replicas[0]).add_missing()
    complete = await start_data.everything()
    assert len(complete["listings"]) == len(complete["products"]) == 32
    await start_data.db.listings.delete_many({"name": {"$ne": "chair"}})
    await asyncio.gather(*(Listings(replica).add_missing() for replica in replicas))
    assert await start_data.everything() == complete
    for replica in replicas:
        await replica.close()


async def test_a_product_is_stored_and_listed_together(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await shop.store.everything()

    async def fails(*_: object) -> None:
        raise RuntimeError("the process dies here")

    with monkeypatch.context() as patched:
        patched.setattr(Products, "add", fails)
        assert (await shop.add("mug")).status_code == 500
    assert await shop.store.everything() == before
    assert (await shop.add("mug", price="12.34", categories=["kitchen"])).status_code == 201
    product = await shop.store.db.products.find_one({"name": "mug"})
    assert product is not None
    assert await shop.store.db.listings.find_one({"name": "mug"}) == {
        "_id": product["_id"],
        "found_by": [KITCHEN, "", "d", "m", "mu", "mug"],
        "age": str(product["_id"]),
        "price": f"000001234 {product['_id']}",
        "name": "mug",
    }
