"""Every event has an example file, which the tests of its writer and of its readers execute too."""

import json
from importlib.resources import files

import pytest
from shop_events import (
    Event,
    OrderCreate,
    OrderStatusUpdate,
    ProductCreate,
    ProductsQuantityUpdate,
    dead_letter_topic,
    topic,
)

EVENTS: list[type[Event]] = [OrderCreate, OrderStatusUpdate, ProductCreate, ProductsQuantityUpdate]
EXAMPLES = {path.name: path.read_text("utf-8") for path in files("shop_events").joinpath("examples").iterdir()}
ENVELOPE = ["type", "id", "occurred_at"]
REJECTED = "OrderStatusUpdate.rejected.json"
SNAPSHOT = ["id", "name", "price", "quantity", "version"]


def example(event: type[Event]) -> str:
    return EXAMPLES[f"{event.__name__}.json"]


def test_every_event_has_an_example_and_a_decision_has_two() -> None:
    assert sorted(EXAMPLES) == sorted([*(f"{event.__name__}.json" for event in EVENTS), REJECTED])


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_comes_back_as_the_same_json(name: str) -> None:
    [event] = [event for event in EVENTS if event.__name__ == name.partition(".")[0]]
    text = event.model_validate_json(EXAMPLES[name]).model_dump_json()
    assert json.loads(text) == json.loads(EXAMPLES[name])
    assert event.model_validate_json(text).model_dump_json() == text


@pytest.mark.parametrize("event", EVENTS)
def test_what_is_written_has_the_contracts_keys(event: type[Event]) -> None:
    written = json.loads(event.model_validate_json(example(event)).model_dump_json())
    assert written["type"] == event.__name__
    match written["type"]:
        case "OrderCreate":
            assert list(written) == [*ENVELOPE, "order"]
            assert list(written["order"]) == ["id", "client_email", "cost", "status", "products"]
            assert [list(line) for line in written["order"]["products"]] == [["name", "price", "quantity"]] * 2
            assert type(written["order"]["cost"]) is float
        case "OrderStatusUpdate":
            assert list(written) == [*ENVELOPE, "order_id", "status", "lacking"]
            rejected = OrderStatusUpdate.model_validate_json(EXAMPLES[REJECTED]).model_dump_json()
            assert list(json.loads(rejected)) == list(written)
            assert list(json.loads(rejected)["lacking"]) == ["name", "left"]
        case "ProductCreate":
            assert list(written) == [*ENVELOPE, "product"]
            assert list(written["product"]) == SNAPSHOT
        case "ProductsQuantityUpdate":
            assert list(written) == [*ENVELOPE, "products"]
            assert [list(product) for product in written["products"]] == [SNAPSHOT]


@pytest.mark.parametrize("event", EVENTS)
def test_the_key_keeps_what_belongs_together_in_order(event: type[Event]) -> None:
    of_an_order = event in (OrderCreate, OrderStatusUpdate)
    key = "71fefe4a1cad4140785928a4" if of_an_order else "10fefe4a1cad4140785928a4"
    assert event.model_validate_json(example(event)).key == key


@pytest.mark.parametrize("event", EVENTS)
def test_unknown_fields_are_ignored(event: type[Event]) -> None:
    tree = json.loads(example(event))
    inside = next((v for v in tree.values() if isinstance(v, dict)), tree)
    inside["colour"] = {"new": [1]}
    text = json.dumps(tree | {"added_later": None})
    assert event.model_validate_json(text) == event.model_validate_json(example(event))


def test_a_decision_of_before_there_were_reasons_is_valid() -> None:
    tree = json.loads(example(OrderStatusUpdate))
    del tree["lacking"]
    older = OrderStatusUpdate.model_validate_json(json.dumps(tree))
    assert older == OrderStatusUpdate.model_validate_json(example(OrderStatusUpdate))


def test_an_event_gets_an_id_and_a_time_of_its_own() -> None:
    first, second = (OrderStatusUpdate(order_id="7" * 24, status="ACCEPTED") for _ in range(2))
    assert first.id != second.id
    assert len(first.id) == 32
    assert first.occurred_at.utcoffset() is not None


def test_topics_are_named_after_their_events() -> None:
    assert topic("shop", OrderCreate) == "shop.OrderCreate"
    assert dead_letter_topic("shop.OrderCreate", "products-ms") == "shop.OrderCreate.products-ms.dlq"
