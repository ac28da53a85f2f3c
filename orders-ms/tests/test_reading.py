"""Everyone sees their own orders, newest first, and nobody else's."""

import pytest
from orders_testing import Service, fixture, refusal, snapshot

BOB = "bob@example.test"
NO_ORDER = (404, "The requested order does not exist.")


@fixture(autouse=True)
async def copy(service: Service) -> None:
    await service.tell(snapshot("chair", 30))


async def test_no_orders_are_an_empty_list(service: Service) -> None:
    answer = await service.get("/orders")
    assert (answer.status_code, answer.json()) == (200, {"orders": []})


async def test_own_orders_newest_first(service: Service) -> None:
    ids = [(await service.order(("chair", n))).json()["id"] for n in (1, 2, 3)]
    bobs = (await service.order(("chair", 4), email=BOB)).json()
    answer = (await service.get("/orders")).json()
    assert list(answer) == ["orders"]
    assert [order["id"] for order in answer["orders"]] == ids[::-1]
    assert (await service.get("/orders", BOB)).json() == {"orders": [bobs]}


@pytest.mark.parametrize("query", ["?email=bob@example.test", "?client_email=bob@example.test", "?email[$ne]=x"])
async def test_an_email_in_the_query_changes_nothing(service: Service, query: str) -> None:
    await service.order(("chair", 4), email=BOB)
    assert (await service.get("/orders" + query)).json() == {"orders": []}


@pytest.mark.parametrize("email", ["b.b@example.test", "b", ".*", "BOB@example.test", "bob@example.tes|x"])
async def test_an_email_is_no_pattern(service: Service, email: str) -> None:
    await service.order(("chair", 4), email=BOB)
    assert (await service.get("/orders", email)).json() == {"orders": []}


async def test_one_order_is_its_owners_only(service: Service) -> None:
    order = (await service.order(("chair", 1))).json()
    assert (await service.get(f"/orders/{order['id']}")).json() == order
    assert refusal(await service.get(f"/orders/{order['id']}", BOB)) == NO_ORDER


@pytest.mark.parametrize("order_id", ["f" * 24, "x", "1", "%00", "a" * 5000, "\u00fc" * 12, "[$ne]"])
async def test_an_unknown_order(service: Service, order_id: str) -> None:
    assert refusal(await service.get(f"/orders/{order_id}")) == NO_ORDER
