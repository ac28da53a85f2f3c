"""What does not keep the contract is refused, and the refusal names the place."""

import json
from importlib.resources import files
from typing import Any

import pytest
from pydantic import ValidationError
from shop_events import Event, OrderCreate, OrderStatusUpdate, ProductCreate, ProductsQuantityUpdate

MISSING = object()

BAD: list[tuple[type[Event], str, Any]] = [
    *((ProductCreate, "product.price", price) for price in (float("nan"), float("inf"), -0.01, 1.001, "x", None)),
    *((ProductCreate, "product.quantity", count) for count in (-1, 1.5, "many", None, MISSING)),
    *((ProductCreate, "product.version", version) for version in (0, -1, "1.5", None, MISSING)),
    *((ProductCreate, "product.id", key) for key in ("", "10", "G" * 24, 10, MISSING)),
    *((ProductCreate, "product.name", name) for name in ("", 5, MISSING)),
    *((ProductCreate, "product", product) for product in (None, [], "cutlery", MISSING)),
    *((ProductsQuantityUpdate, "products.0.version", version) for version in (0, None, MISSING)),
    *((ProductsQuantityUpdate, "products.0.price", price) for price in (float("nan"), -1, MISSING)),
    *((ProductsQuantityUpdate, "products.0.quantity", count) for count in (-1, MISSING)),
    *((ProductsQuantityUpdate, "products", products) for products in ([], {}, None, MISSING)),
    *((OrderCreate, "order.products.1.quantity", count) for count in (0, -4, 2.5, "x", MISSING)),
    *((OrderCreate, "order.products.0.price", price) for price in (float("nan"), -5, 0.001)),
    *((OrderCreate, "order.products", lines) for lines in ([], None, "cutlery", MISSING)),
    *((OrderCreate, "order.id", key) for key in ("71", None, MISSING)),
    *((OrderCreate, "order.status", status) for status in ("ACCEPTED", "pending", None)),
    *((OrderCreate, "order.cost", cost) for cost in (float("nan"), -1, MISSING)),
    *((OrderStatusUpdate, "status", status) for status in ("PENDING", "accepted", None, MISSING)),
    *((OrderStatusUpdate, "order_id", key) for key in ("", "71fefe4a1cad4140785928a4\n", MISSING)),
    *((event, "type", "Other") for event in (OrderCreate, OrderStatusUpdate, ProductCreate, ProductsQuantityUpdate)),
    *((OrderCreate, "occurred_at", time) for time in ("yesterday", "2026-01-02T03:04:05", None)),
]


def spoiled(event: type[Event], place: str, value: Any) -> str:
    """The event's example with another value at `place`, or with nothing there."""
    tree = json.loads(files("shop_events").joinpath("examples", f"{event.__name__}.json").read_text("utf-8"))
    *path, last = [int(part) if part.isdigit() else part for part in place.split(".")]
    inside = tree
    for part in path:
        inside = inside[part]
    if value is MISSING:
        del inside[last]
    else:
        inside[last] = value
    return json.dumps(tree)


@pytest.mark.parametrize(("event", "place", "value"), BAD)
def test_a_bad_event_is_refused(event: type[Event], place: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        event.model_validate_json(spoiled(event, place, value))
    assert [".".join(map(str, error["loc"])) for error in refusal.value.errors()] == [place]


@pytest.mark.parametrize("text", ["", "null", "[]", '"OrderCreate"', "{", "{}", "\x00", '{"type": "OrderCreate"}'])
@pytest.mark.parametrize("event", [OrderCreate, OrderStatusUpdate, ProductCreate, ProductsQuantityUpdate])
def test_what_is_no_event_is_refused(event: type[Event], text: str) -> None:
    with pytest.raises(ValidationError):
        event.model_validate_json(text)
