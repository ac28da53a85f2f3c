"""Every query walks an index: all that the service asks of 3000 documents is written down, and then explained."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import shop_kit.mongo
from bson import ObjectId
from products.domain.wanted import SORTS, Wanted
from products.repositories.categories import Categories
from products.repositories.due_products import DueProducts
from products.repositories.first_version import convert_first_version
from products.repositories.listings import Listings, listing_of
from products.repositories.pictures import Pictures
from products.repositories.products import product
from products.repositories.restocks import Restocks
from products.repositories.start_data import add_start_data
from products.services.catalogue import Catalogue
from products.services.gallery import Gallery
from products.services.shelves import Shelves
from products.services.snapshots import Snapshots
from products_pictures import file, halves
from products_testing import Store, order
from pymongo import AsyncMongoClient
from pymongo.monitoring import CommandListener, CommandStartedEvent
from shop_kit import outbox
from shop_kit.kafka import Publisher
from shop_kit.mongo import Document

Query = tuple[str, Document, Document, list[Document]]
COUNT = 3000
WANTED = {"IXSCAN", "IDHACK", "EXPRESS_IXSCAN", "EXPRESS_IDHACK", "COUNT_SCAN"}


class Queries(CommandListener):
    """Writes down (collection, filter, sort, pipeline) of every find, update and aggregation."""

    def __init__(self) -> None:
        self.seen: list[Query] = []

    def started(self, event: CommandStartedEvent) -> None:
        command = event.command
        if event.command_name == "find":
            self.seen.append((command["find"], command.get("filter", {}), command.get("sort", {}), []))
        elif event.command_name == "update":
            self.seen += [(command["update"], update["q"], {}, []) for update in command["updates"]]
        elif event.command_name == "aggregate":
            self.seen.append((command["aggregate"], {}, {}, command["pipeline"]))
        elif event.command_name in ("findAndModify", "delete", "distinct", "count"):
            self.seen.append((command[event.command_name], command.get("query", {}), {}, []))

    def succeeded(self, event: object) -> None: ...

    def failed(self, event: object) -> None: ...


def watch(store: Store, monkeypatch: pytest.MonkeyPatch) -> tuple[Store, Queries]:
    """Another connection to the same database, whose queries are written down."""
    queries = Queries()
    client = partial(AsyncMongoClient, event_listeners=[queries])
    monkeypatch.setattr(shop_kit.mongo, "AsyncMongoClient", client)
    return Store(store.settings), queries


@pytest.fixture
async def watched(store: Store, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Store, Queries]]:
    """The database, full, through a connection whose queries are written down."""
    await store.db.products.insert_many([_product(n) for n in range(COUNT)])
    listings = [listing_of(product(_product(n))) for n in range(COUNT)]
    for start in range(0, COUNT, 100):
        await store.db.listings.insert_many(listings[start : start + 100])
    await store.db.categories.insert_many(
        [{"_id": ObjectId(f"{n:024x}"), "name": f"c{n}", "name_key": f"c{n}"} for n in range(COUNT)]
    )
    await store.db.orders.insert_many([{"_id": ObjectId(f"{n:024x}"), "status": "ACCEPTED"} for n in range(COUNT)])
    await store.db.restocks.insert_many([{"_id": f"k{n}", "slug": "p1", "delta": 1} for n in range(COUNT)])
    await store.db.pictures.insert_many([{"_id": f"{n:032x}", "data": b""} for n in range(COUNT)])
    connected, queries = watch(store, monkeypatch)
    yield connected, queries
    for name in ("products", "listings", "categories", "orders", "restocks", "pictures"):
        await store.db[name].delete_many({})  # to drop a full one takes the embedded server longer
    await connected.mongo.close()


def _product(n: int) -> Document:
    return {
        "_id": ObjectId(f"{n:024x}"),
        **{"name": f"p{n}", "name_key": f"p{n}", "slug": f"p{n}", "description": "", "price": Decimal(1)},
        **{"quantity": 9, "categories": [ObjectId(f"{n % 300:024x}")], "version": 1, "created_at": datetime.now(UTC)},
        "outbox": outbox.entry(-1 if n < 5 else 3600),
    }


def stages(plan: Any) -> set[str]:
    if isinstance(plan, dict):
        own = {plan["stage"]} if isinstance(plan.get("stage"), str) else set()
        return own.union(*(stages(inside) for inside in plan.values()))
    if isinstance(plan, list):
        return set[str]().union(*(stages(inside) for inside in plan))
    return set()


async def plan(store: Store, query: Query) -> Document:
    """How the query is answered."""
    collection, wanted, sort, pipeline = query
    # The embedded server looks a document up by its id whatever else is asked of it, but its explain doesn't say so.
    narrowed = {"_id": wanted["_id"]} if "_id" in wanted else wanted
    command: Document = {"find": collection, "filter": narrowed} | ({"sort": sort} if sort else {})
    if pipeline:
        command = {"aggregate": collection, "pipeline": pipeline, "cursor": {}}
    answer = await store.db.command({"explain": command, "verbosity": "queryPlanner"})
    if "stages" in answer:
        answer = answer["stages"][0]["$cursor"]
    winner: Document = answer["queryPlanner"]["winningPlan"]
    return winner


async def walks(store: Store, query: Query) -> bool:
    """Whether the query is answered by an index."""
    found = stages(await plan(store, query))
    return bool(found & WANTED) and "COLLSCAN" not in found


class Quiet(Publisher):
    async def publish(self, messages: object) -> None: ...


async def use_everything(store: Store) -> None:
    """All that the service does once it has started, but for the deliberate full listings."""
    due = DueProducts(store.mongo, 3600)
    snapshots = Snapshots(Quiet(store.settings), due, "shop")
    listings, categories = Listings(store.mongo), Categories(store.mongo)
    catalogue = Catalogue(store.mongo, store.products, listings, categories, Restocks(store.mongo), snapshots)
    await use_shelves(Shelves(store.products, listings, categories))
    assert (await catalogue.get("p8")).name == "p8"
    await catalogue.add_category("new")
    await catalogue.add("new", "", (await catalogue.get("p8")).price, 1, ["c1", "new"])
    assert (await catalogue.restock("p9", 1, "key")).quantity == 10
    assert (await catalogue.restock("p9", 1, "key")).quantity == 10
    gallery = Gallery(store.products, Pictures(store.mongo))
    [size] = (await gallery.hang("p9", file(halves(40, 30)))).picture
    assert await gallery.picture(size.picture)
    await gallery.close()
    orders = [order(COUNT + n, (f"p{n}", 1), (f"p{2 * n}", 1)) for n in range(100)]
    await store.decisions.decide([order(3, ("p1", 1)), *orders])
    await snapshots.flush()
    await snapshots.sweep()
    await add_start_data(store.mongo)


async def use_shelves(shelves: Shelves) -> None:
    """Every sort, first and next page, with each kind of filter."""
    assert [p.name for p in (await shelves.page(Wanted(), "P7")).products] == ["p7"]
    kinds = [(Wanted(limit=2), None), (Wanted(limit=2), "C7"), (Wanted(("p1",), limit=2), None)]
    kinds += [(Wanted(("p1", "p"), limit=2), None), (Wanted(("p", "p7"), limit=2), "c7")]
    for wanted, category in kinds:
        for sort in SORTS:
            first = await shelves.page(replace(wanted, sort=sort), None, category)
            assert len(first.products) == (1 if wanted.words and category else 2)
            if first.next is not None:
                second = await shelves.page(replace(wanted, sort=sort, cursor=first.next), None, category)
                assert not {p.id for p in first.products} & {p.id for p in second.products}


async def test_every_query_walks_an_index(watched: tuple[Store, Queries]) -> None:
    store, queries = watched
    await use_everything(store)
    seen = queries.seen.copy()
    everywhere = {"products", "listings", "categories", "orders", "restocks", "pictures", "sessions"}
    assert {collection for collection, *_ in seen} == everywhere
    assert len(seen) > 15
    for query in seen:
        # With an empty filter, the start data asks for any one product.
        assert query == ("products", {}, {}, []) or await walks(store, query), query
    assert not await walks(store, ("products", {"description": "x"}, {}, []))


async def test_every_page_walks_the_index_of_its_order(watched: tuple[Store, Queries]) -> None:
    store, queries = watched
    await use_shelves(Shelves(store.products, Listings(store.mongo), Categories(store.mongo)))
    pages = [query for query in queries.seen if query[0] == "listings"]
    keys = [key for *_, pipeline in pages for stage in pipeline for key in stage.get("$sort", {})]
    assert len(pages) == len(keys) > 30
    assert set(keys) == {"age", "price", "name"}
    for page, key in zip(pages, keys, strict=True):
        assert f"'found_by_1_{key}_1'" in str(await plan(store, page)), page


async def test_the_full_listings_are_these(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    connected, queries = watch(store, monkeypatch)
    await Listings(connected.mongo).add_missing()
    await Categories(connected.mongo).all()
    await convert_first_version(connected.mongo)
    await DueProducts(connected.mongo, 3600).make_all_due()
    await connected.mongo.close()
    assert [(collection, wanted) for collection, wanted, *_ in queries.seen] == [
        ("listings", {}),
        ("products", {}),
        ("categories", {}),
        ("categories", {"name_key": {"$exists": False}}),
        ("products", {"version": {"$exists": False}}),
        ("products", {}),
    ]
