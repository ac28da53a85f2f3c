"""Two admins do the same thing on two replicas at once: a unique index decides, and the loser is told.

Each is held with its decision to write made; then the rival comes and goes.
"""

from decimal import Decimal

import pytest
from local_stack.holding import Point, held, run_until_again
from products.errors import CategoryExistsError, KeyReusedError, ProductExistsError, StockLimitError
from products.models import Product
from products_racing import Replica
from products_testing import Store
from shop_kit.errors import ProblemError

Replicas = tuple[Replica, Replica]


async def add(replica: Replica, name: str, quantity: int = 1) -> Product:
    return await replica.catalogue.add(name, "", Decimal("1.50"), quantity, [])


async def quantities(raced: Store) -> dict[str, tuple[int, int]]:
    """(quantity, version) of every product by its name."""
    return {d["name"]: (d["quantity"], d["version"]) async for d in raced.db.products.find()}


def refusal(error: BaseException | None) -> tuple[int, str]:
    assert isinstance(error, ProblemError)
    return error.status, error.detail


@pytest.mark.parametrize(("one_spelling", "other"), [("tea pot", "tea pot"), ("straße", "STRASSE"), ("é", "e\u0301")])
async def test_a_product_is_added_twice(raced: Store, replicas: Replicas, one_spelling: str, other: str) -> None:
    first, rival = replicas
    async with held(add(first, one_spelling, 3), Point(first.products._products, "insert_one", before=True)) as one:
        added = await add(rival, other, 4)
    assert refusal(one.exception()) == (400, "Product already exists") == refusal(ProductExistsError())
    assert await quantities(raced) == {other: (4, 1)}
    [document] = await raced.db.products.find().to_list()
    assert (document["slug"], document["outbox"]["claim"]) == (added.slug, added.claim)
    assert not first.snapshots._changed
    await rival.snapshots.flush()
    assert rival.broker.told == [(1, 4)]


async def test_two_names_of_one_slug(raced: Store, replicas: Replicas) -> None:
    first, rival = replicas
    async with held(add(first, "tea pot"), Point(first.products._products, "insert_one", before=True)) as one:
        assert (await add(rival, "tea-pot")).slug == "tea-pot"
    assert one.result().slug == f"tea-pot-{one.result().id}"
    assert {d["name"]: d["slug"] async for d in raced.db.products.find()} == {
        "tea-pot": "tea-pot",
        "tea pot": one.result().slug,
    }


async def test_the_name_is_taken_while_another_slug_is_tried(raced: Store, replicas: Replicas) -> None:
    first, rival = replicas
    await add(rival, "tea-pot", 2)
    other_slug = Point(first.products._products, "insert_one", before=True)
    async with held(add(first, "tea pot", 3), other_slug) as one:
        await add(rival, "Tea Pot", 4)
    assert refusal(one.exception()) == (400, "Product already exists")
    assert await quantities(raced) == {"tea-pot": (2, 1), "Tea Pot": (4, 1)}


async def test_a_product_is_added_again_before_it_is_committed(raced: Store, replicas: Replicas) -> None:
    first, rival = replicas
    async with held(add(first, "tea pot", 3), Point(first.listings, "add")) as one:
        two = await run_until_again(add(rival, "Tea Pot", 4), rival.products, "add")
    assert one.result().slug == "tea-pot"
    with pytest.raises(ProductExistsError):
        await two
    assert await quantities(raced) == {"tea pot": (3, 1)}
    assert [d["_id"] async for d in raced.db.listings.find()] == [one.result().id]


async def test_a_category_is_added_twice(raced: Store, replicas: Replicas) -> None:
    first, rival = replicas
    point = Point(first.categories._categories, "insert_one", before=True)
    async with held(first.catalogue.add_category("toys"), point) as one:
        await rival.catalogue.add_category("TOYS")
    assert refusal(one.exception()) == (400, "Category already exists") == refusal(CategoryExistsError())
    assert [category.name for category in await first.catalogue.categories()] == ["TOYS"]


@pytest.mark.parametrize("open_transaction", [False, True])
async def test_one_key_on_two_products(raced: Store, replicas: Replicas, open_transaction: bool) -> None:
    await raced.add("cup", 10)
    await raced.add("jug", 20)
    first, rival = replicas
    async with held(first.restock("cup", 5, "k"), Point(first.restocks, "add", before=not open_transaction)) as one:
        two = await run_until_again(rival.restock("jug", 5, "k"), rival.restocks, "find")
        assert two.done() is not open_transaction
    if open_transaction:
        assert one.result() == 15
        with pytest.raises(KeyReusedError) as error:
            await two
    else:
        assert await two == 25
        with pytest.raises(KeyReusedError) as error:
            await one
    assert refusal(error.value) == (422, "This Idempotency-Key was used for another request")
    happened, not_so = ("cup", "jug") if open_transaction else ("jug", "cup")
    before = {"cup": 10, "jug": 20}
    assert await quantities(raced) == {happened: (before[happened] + 5, 2), not_so: (before[not_so], 1)}
    assert await raced.db.restocks.find().to_list() == [{"_id": "k", "slug": happened, "delta": 5}]


@pytest.mark.parametrize("moment", ["after its reads", "key written", "all written"])
async def test_one_key_twice_on_one_product(raced: Store, replicas: Replicas, moment: str) -> None:
    await raced.add("cup", 10)
    first, rival = replicas
    point = {
        "after its reads": lambda: Point(first.restocks, "add", before=True),
        "key written": lambda: Point(first.restocks, "add"),
        "all written": lambda: Point(first.products, "restock"),
    }[moment]()
    async with held(first.restock("cup", 5, "k"), point) as one:
        two = await run_until_again(rival.restock("cup", 5, "k"), rival.restocks, "find")
        assert two.done() is (moment == "after its reads")
    assert (one.result(), await two) == (15, 15)
    assert await quantities(raced) == {"cup": (15, 2)}
    assert await raced.db.restocks.find().to_list() == [{"_id": "k", "slug": "cup", "delta": 5}]
    assert bool(first.snapshots._changed) is not bool(rival.snapshots._changed)


async def test_a_refused_restock_leaves_its_key_to_the_rival(raced: Store, replicas: Replicas) -> None:
    await raced.add("cup", 10)
    first, rival = replicas
    async with held(first.restock("cup", -11, "k"), Point(first.restocks, "add")) as one:
        two = await run_until_again(rival.restock("cup", 5, "k"), rival.restocks, "find")
        assert not two.done()
    assert refusal(one.exception()) == refusal(StockLimitError())
    assert await two == 15
    assert await quantities(raced) == {"cup": (15, 2)}
