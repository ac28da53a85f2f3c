"""An order is stored PENDING, with the copy's prices and the token's e-mail, whatever else the client sends."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bson import ObjectId
from orders_testing import ANN, Service, fixture, refusal, snapshot, token

CHAIR, CUTLERY = ("chair", 2), ("cutlery", 4)
LINES = [{"name": "chair", "price": 29.99, "quantity": 2}, {"name": "cutlery", "price": 5.99, "quantity": 4}]


@fixture(autouse=True)
async def copy(service: Service) -> None:
    await service.tell(snapshot("chair", 30, price="29.99"), snapshot("cutlery", 200, price="5.99"))


async def test_an_order_is_pending_and_costs_what_the_copy_says(service: Service) -> None:
    answer = await service.order(CHAIR, CUTLERY)
    assert answer.status_code == 201
    order = answer.json()
    assert list(order) == ["id", "status", "cost", "products", "created_at", "lacking"]
    assert (order["status"], order["cost"], order["products"], order["lacking"]) == ("PENDING", 83.94, LINES, None)
    assert abs(datetime.fromisoformat(order["created_at"]) - datetime.now(UTC)) < timedelta(seconds=30)
    assert (await service.get("/orders")).json() == {"orders": [order]}
    assert (await service.get(f"/orders/{order['id']}")).json() == order


async def test_what_is_stored(service: Service) -> None:
    placed = (await service.order(CHAIR)).json()
    [document] = await service.stored()
    outbox = document.pop("outbox")
    assert document == {
        "_id": ObjectId(placed["id"]),
        "client_email": ANN,
        "status": "PENDING",
        "cost": Decimal("59.98"),
        "products": [{"name": "chair", "price": Decimal("29.99"), "quantity": 2}],
        "created_at": datetime.fromisoformat(placed["created_at"]),
    }
    assert (list(outbox), outbox["attempts"]) == (["due", "claim", "attempts"], 0)


async def test_what_the_client_says_of_prices_status_and_owner_is_ignored(service: Service) -> None:
    line = {"name": "chair", "quantity": 2, "price": 0.01, "_id": 1}
    body = {
        "products": [line],
        "cost": 0,
        "status": "ACCEPTED",
        "email": "bob@example.test",
        "client_email": "b",
        "id": 1,
    }
    order = (await service.post(body)).json()
    assert (order["status"], order["cost"]) == ("PENDING", 59.98)
    [document] = await service.stored()
    assert (document["client_email"], document["status"]) == (ANN, "PENDING")
    assert document["products"] == [{"name": "chair", "price": Decimal("29.99"), "quantity": 2}]


async def test_names_are_found_in_any_case_and_shown_as_the_copy_has_them(service: Service) -> None:
    order = (await service.order(("  CHAIR ", 1))).json()
    assert order["products"] == [{"name": "chair", "price": 29.99, "quantity": 1}]


async def test_a_name_is_data_and_no_pattern(service: Service) -> None:
    for name in (".*", "cha.r", "chair|cutlery", "$where"):
        assert refusal(await service.order((name, 1))) == (404, "The requested product does not exist.")
    assert await service.stored() == []


async def test_a_quantity_may_come_as_text_and_a_body_without_its_type(service: Service) -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    for content_type in ({}, {"Content-Type": "text/plain;charset=UTF-8"}):
        content = b'{"products": [{"name": "chair", "quantity": "3"}]}'
        answer = await service.client.post("/orders", content=content, headers=headers | content_type)
        assert (answer.status_code, answer.json()["products"][0]["quantity"]) == (201, 3)


async def test_cents_are_exact(service: Service) -> None:
    await service.tell(snapshot("dime", 10_000_000, price="0.10"), snapshot("car", 10_000_000, price="999999.99"))
    assert (await service.order(("dime", 3))).json()["cost"] == 0.3
    order = (await service.order(*[("car", 100_000)] * 100)).json()
    assert order["cost"] == 9_999_999_900_000.0
    assert (await service.stored())[-1]["cost"] == Decimal("9999999900000.00")
