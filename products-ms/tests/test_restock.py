"""Restocking: never below zero, and once for one key."""

import asyncio
from collections import Counter

import pytest
from products.services import catalogue
from products_testing import Shop, order


async def test_pieces_are_added_and_taken(shop: Shop) -> None:
    answer = await shop.post("/products/cutlery/restock", {"delta": 5})
    assert (answer.status_code, answer.json()["name"], answer.json()["quantity"]) == (200, "cutlery", 205)
    assert (await shop.post("/products/cutlery/restock", {"delta": "-205"})).json()["quantity"] == 0
    stored = await shop.store.products.named("cutlery")
    assert stored is not None
    assert (stored.quantity, stored.version) == (0, 3)


async def test_the_stock_keeps_its_bounds(shop: Shop) -> None:
    before = await shop.store.everything()
    for delta in (-201, -10_000_000, 9_999_801):
        answer = await shop.post("/products/cutlery/restock", {"delta": delta}, Idempotency_Key="k")
        assert answer.status_code == 409
        assert answer.json()["detail"] == "The stock would fall below zero or rise above 10000000"
    assert await shop.store.everything() == before
    assert (await shop.post("/products/cutlery/restock", {"delta": 1}, Idempotency_Key="k")).status_code == 200


async def test_a_key_counts_once(shop: Shop) -> None:
    first = await shop.post("/products/cutlery/restock", {"delta": 5}, Idempotency_Key="k")
    await shop.post("/products/cutlery/restock", {"delta": 1})
    again = await shop.post("/products/cutlery/restock", {"delta": 5}, Idempotency_Key="k")
    assert (first.status_code, first.json()["quantity"]) == (200, 205)
    assert (again.status_code, again.json()["quantity"]) == (200, 206)


async def test_a_key_used_at_once_counts_once(shop: Shop) -> None:
    answers = await asyncio.gather(
        *(shop.post("/products/cutlery/restock", {"delta": 5}, Idempotency_Key="k") for _ in range(6))
    )
    assert {(answer.status_code, answer.json()["quantity"]) for answer in answers} == {(200, 205)}
    assert (await shop.store.stock())["cutlery"] == 205
    assert await shop.store.db.restocks.find().to_list() == [{"_id": "k", "slug": "cutlery", "delta": 5}]


async def test_different_restocks_at_once_all_count(shop: Shop) -> None:
    deltas = [1, 2, 4, 8, -16]
    answers = await asyncio.gather(*(shop.post("/products/cutlery/restock", {"delta": d}) for d in deltas))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert (await shop.store.stock())["cutlery"] == 199


async def test_many_restocks_at_once_are_all_answered(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "TURN_SECONDS", 60)
    answers = await asyncio.gather(*(shop.post("/products/cutlery/restock", {"delta": 1}) for _ in range(100)))
    assert Counter(answer.status_code for answer in answers) == {200: 100}
    assert sorted(answer.json()["quantity"] for answer in answers) == list(range(201, 301))
    assert (await shop.store.stock())["cutlery"] == 300


async def test_a_restock_that_waits_too_long_is_told_to_come_back(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "TURN_SECONDS", 0)
    answers = await asyncio.gather(
        *(shop.post("/products/cutlery/restock", {"delta": 1}, Idempotency_Key=f"k{n}") for n in range(20))
    )
    done = [f"k{n}" for n, answer in enumerate(answers) if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code == 503]
    assert len(done) + len(refused) == 20 and done and refused
    assert {answer.headers["Retry-After"] for answer in refused} == {"1"}
    assert (await shop.store.stock())["cutlery"] == 200 + len(done)
    assert sorted(row["_id"] for row in await shop.store.db.restocks.find().to_list()) == sorted(done)


async def test_a_key_is_for_one_request(shop: Shop) -> None:
    await shop.post("/products/cutlery/restock", {"delta": 5}, Idempotency_Key="k")
    before = await shop.store.everything()
    for slug, delta in [("cutlery", 6), ("chair", 5)]:
        answer = await shop.post(f"/products/{slug}/restock", {"delta": delta}, Idempotency_Key="k")
        assert answer.status_code == 422
        assert answer.json()["detail"] == "This Idempotency-Key was used for another request"
    assert await shop.store.everything() == before


async def test_an_unknown_product(shop: Shop) -> None:
    answer = await shop.post("/products/no-such/restock", {"delta": 5}, Idempotency_Key="k")
    assert (answer.status_code, answer.json()["detail"]) == (404, "The requested product does not exist.")
    assert await shop.store.db.restocks.count_documents({}) == 0


async def test_restocks_and_orders_at_once_keep_the_sum(shop: Shop) -> None:
    store = shop.store
    results = await asyncio.gather(
        *(store.decisions.decide([order(n, ("cutlery", 3))]) for n in range(6)),
        *(shop.post("/products/cutlery/restock", {"delta": 10}) for _ in range(3)),
    )
    assert len(results) == 9
    assert (await store.stock())["cutlery"] == 200 - 18 + 30
