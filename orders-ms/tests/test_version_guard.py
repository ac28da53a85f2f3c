"""The copy never goes back: late, doubled and reordered snapshots change nothing."""

import random
from decimal import Decimal
from typing import Any

import pytest
from bson import ObjectId
from hypothesis import given
from hypothesis import strategies as st
from orders.models import ProductCopy
from orders.repositories.copies import Copies, newest
from orders_testing import Service, snapshot
from pymongo.errors import BulkWriteError
from shop_events import Event, ProductCreate, ProductSnapshot

KEY = ObjectId("10fefe4a1cad4140785928a4")


def at(version: int) -> Event:
    """The product at a version: its quantity tells which."""
    return snapshot("chair", 1000 - version, version, key=KEY)


def kept(version: int) -> dict[str, Any]:
    price = Decimal("1.50")
    return {
        "_id": KEY,
        "name": "chair",
        "name_key": "chair",
        "price": price,
        "quantity": 1000 - version,
        "version": version,
    }


async def copies(service: Service) -> list[dict[str, Any]]:
    return await service.db.products.find().sort("_id").to_list()


async def test_only_a_higher_version_is_kept(service: Service) -> None:
    for version, expected in [(2, 2), (2, 2), (1, 2), (5, 5), (3, 5), (5, 5), (6, 6), (1, 6)]:
        await service.tell(at(version))
        assert await copies(service) == [kept(expected)]


async def test_the_same_version_with_another_content_changes_nothing(service: Service) -> None:
    await service.tell(at(3))
    await service.tell(snapshot("sofa", 7, 3, key=KEY))
    assert await copies(service) == [kept(3)]


async def test_any_order_in_chunks_of_any_size_ends_at_the_highest(service: Service) -> None:
    chance = random.Random(7)
    for _ in range(20):
        await service.db.products.delete_many({})
        versions = [*range(1, 12)] * 2
        chance.shuffle(versions)
        while versions:
            size = chance.randint(1, 5)
            chunk, versions = versions[:size], versions[size:]
            await service.tell(*map(at, chunk), *map(at, chunk[:1]))
        assert await copies(service) == [kept(11)]


async def test_stale_neighbours_do_not_keep_a_new_snapshot_out(service: Service) -> None:
    await service.tell(at(9))
    await service.tell(at(1), snapshot("sofa", 4), at(2), snapshot("lamp", 5))
    assert {(d["name"], d["quantity"]) for d in await copies(service)} == {("chair", 991), ("sofa", 4), ("lamp", 5)}


async def test_a_replica_that_inserts_an_older_version_first_does_not_keep_the_newer_out(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository, other = Copies(service.mongo), Copies(service.mongo)

    async def outrun(writes: object, **_: object) -> None:
        """What MongoDB answers when both upserts found nothing and the other's insert came first."""
        monkeypatch.undo()
        await other.keep([ProductCopy(KEY, "chair", Decimal("1.50"), 999, 1)])
        raise BulkWriteError({"writeErrors": [{"index": 1, "code": 11000}]})

    monkeypatch.setattr(repository, "_products", copy := service.db.products)
    monkeypatch.setattr(copy, "bulk_write", outrun)
    await repository.keep(
        [ProductCopy(ObjectId(), "x", Decimal(1), 1, 1), ProductCopy(KEY, "chair", Decimal("1.50"), 998, 2)]
    )
    assert await service.db.products.find_one({"_id": KEY}) == kept(2)


async def test_the_copy_of_the_first_version_is_replaced_by_any(service: Service) -> None:
    await service.db.products.insert_one(kept(0) | {"price": Decimal(9)})
    first = ProductSnapshot(id=str(KEY), name="chair", price=Decimal("1.50"), quantity=999, version=1)
    await service.tell(ProductCreate(product=first))
    assert await copies(service) == [kept(1)]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 6))))
def test_newest_has_each_product_once_at_its_highest_version(told: list[tuple[int, int]]) -> None:
    snapshots = [ProductCopy(ObjectId(f"{p:024x}"), "n", Decimal(p), v, v) for p, v in told]
    highest = {s.id: max(t.version for t in snapshots if t.id == s.id) for s in snapshots}
    found = newest(snapshots)
    assert {s.id: s.version for s in found} == highest
    assert len(found) == len(highest)
    assert newest(found) == found
    assert {(s.id, s.version) for s in newest(reversed(snapshots))} == set(highest.items())
