"""The database is the last line of defence; every query has its index; its absence is told."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from bson import ObjectId
from orders_testing import ANN, Service, StartService, eventually, refusal, snapshot
from pymongo import AsyncMongoClient, monitoring
from pymongo.errors import WriteError
from shop_events import OrderStatusUpdate
from shop_kit import outbox

MANY = 3000
LINE = {"name": "chair", "price": Decimal(1), "quantity": 1}
GOOD: dict[str, Any] = {"client_email": ANN, "status": "PENDING", "cost": Decimal(1), "products": [LINE]}


class Spy(monitoring.CommandListener):
    """Notes every find, update and delete."""

    def __init__(self) -> None:
        self.commands: list[dict[str, Any]] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name in ("find", "update", "delete"):
            self.commands.append(dict(event.command))

    def succeeded(self, event: object) -> None: ...

    def failed(self, event: object) -> None: ...


def order(number: int) -> dict[str, Any]:
    entry = {"outbox": outbox.entry(3600)} if number % 100 == 0 else {}
    key = {"idempotency_key": f"{number}"} if number % 10 == 0 else {}
    at = datetime.now(UTC) - timedelta(seconds=number)
    return GOOD | {"client_email": f"c{number % 500}@example.test", "created_at": at} | entry | key


def copy(number: int) -> dict[str, Any]:
    name = f"thing {number}"
    return {"name": name, "name_key": name, "price": Decimal(1), "quantity": 5, "version": 1}


def stages(plan: Any) -> set[str]:
    """The names of all stages of a plan."""
    if isinstance(plan, list):
        return set().union(*map(stages, plan))
    if not isinstance(plan, dict):
        return set()
    own = {plan["stage"]} if "stage" in plan else set()
    return own | stages(list(plan.values()))


async def test_every_query_uses_an_index(start: StartService, monkeypatch: pytest.MonkeyPatch) -> None:
    spy = Spy()
    listeners = monitoring._LISTENERS
    monkeypatch.setattr(monitoring, "_LISTENERS", listeners._replace(command_listeners=[spy]))
    async with start() as service:
        await service.db.orders.insert_many([order(number) for number in range(1, MANY)])
        await service.db.products.insert_many([copy(number) for number in range(MANY)])
        spy.commands.clear()
        placed = (await service.order(("thing 7", 1), ("thing 2000", 2), key="k")).json()["id"]
        await service.order(("thing 7", 1), ("thing 2000", 2), key="k")
        await service.get("/orders")
        await service.get(f"/orders/{placed}")
        await service.db.orders.insert_one(order(0) | {"outbox": outbox.entry(-1)})
        await eventually(lambda: asked(service))
        await service.tell(OrderStatusUpdate(order_id=placed, status="ACCEPTED"), snapshot("thing 7", 4, 2))
        plans = await explain(service, spy.commands[:])
    fields = {(name, *query) for name, query, _ in plans}
    assert fields == {
        ("products", "name_key"),
        ("products", "_id", "version"),
        ("orders", "idempotency_key"),
        ("orders", "client_email"),
        ("orders", "_id", "client_email"),
        ("orders", "outbox.due"),
        ("orders", "_id", "outbox.claim"),
        ("orders", "_id", "status"),
    }
    for name, query, found in plans:
        # A query that says the _id needs no other index; the embedded server reads it directly, but explains a scan.
        assert "_id" in query or (found >= {"IXSCAN"} and "COLLSCAN" not in found), (name, query)


async def asked(service: Service) -> bool:
    order = await service.db.orders.find_one({"idempotency_key": "0"})
    return bool(order and order["outbox"]["attempts"] == 1)


async def explain(service: Service, commands: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any], set[str]]]:
    """Collection, filter and stages of each query among the commands."""
    plans = []
    for command in commands:
        name = str(command.get("find") or command.get("update") or command.get("delete"))
        for query in [command] if "find" in command else command.get("updates") or command["deletes"]:
            wanted = {"find": name, "filter": query.get("filter", query.get("q")), "sort": query.get("sort", {})}
            plan = await service.db.command("explain", wanted, verbosity="queryPlanner")
            plans.append((name, wanted["filter"], stages(plan["queryPlanner"]["winningPlan"])))
    return plans


@pytest.mark.parametrize(
    "wrong", [{"status": "LOST"}, {"cost": 1.5}, {"client_email": None}, {"products": []}, {"products": None}]
)
async def test_malformed_orders_are_refused(service: Service, wrong: dict[str, Any]) -> None:
    await service.db.orders.insert_one(dict(GOOD))
    with pytest.raises(WriteError):
        await service.db.orders.insert_one(GOOD | wrong)
    assert len(await service.stored()) == 1


@pytest.mark.parametrize("wrong", [{"quantity": -1}, {"price": 1.5}, {"version": -1}, {"version": None}])
async def test_malformed_copies_are_refused(service: Service, wrong: dict[str, Any]) -> None:
    await service.tell(snapshot("chair", 5))
    with pytest.raises(WriteError):
        await service.db.products.update_one({}, {"$set": wrong})
    assert await service.db.products.count_documents({"quantity": 5, "version": 1}) == 1


async def test_a_key_is_used_once(service: Service) -> None:
    await service.db.orders.insert_one(GOOD | {"idempotency_key": "k"})
    with pytest.raises(WriteError, match="E11000"):
        await service.db.orders.insert_one(GOOD | {"idempotency_key": "k"})


DEMO = {
    ("71fefe4a1cad4140785928a4", "aaa@aaa.com", "ACCEPTED", "83.94", ("cutlery", "5.99", 4), ("chair", "29.99", 2)),
    ("72fefe4a1cad4140785928a4", "bbb@bbb.com", "ACCEPTED", "1299.99", ("laptop", "1299.99", 1)),
    ("73fefe4a1cad4140785928a4", "ccc@ccc.com", "REJECTED", "699.93", ("headphones", "99.99", 7)),
}


def lines(order: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [(x["name"], str(x["price"]), x["quantity"]) for x in order["products"]]


async def test_start_data_is_for_development_only(start: StartService, settings: pytest.MonkeyPatch) -> None:
    settings.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    async with start() as service:
        assert await service.stored() == []
    settings.setenv("ENVIRONMENT", "development")
    for _ in range(2):
        async with start() as service:
            assert {
                (*(str(d[field]) for field in ("_id", "client_email", "status", "cost")), *lines(d))
                for d in await service.stored()
            } == DEMO
            assert len((await service.get("/orders", "aaa@aaa.com")).json()["orders"]) == 1
            await service.db.orders.update_one({}, {"$set": {"note": "kept"}})
    async with start() as service:
        assert await service.db.orders.count_documents({"note": "kept"}) == 1
        await service.db.orders.delete_one({"_id": ObjectId("72fefe4a1cad4140785928a4")})
    async with start() as service:
        assert len(await service.stored()) == 2


async def test_without_its_database_the_service_says_so(start: StartService, settings: pytest.MonkeyPatch) -> None:
    async with start() as service:
        await service.tell(snapshot("chair", 5))
        ordering = service.app.state.ordering
        async with AsyncMongoClient[Any]("mongodb://127.0.0.1:1", serverSelectionTimeoutMS=50) as nowhere:
            settings.setattr(ordering._orders, "_orders", nowhere.shop.orders)
            for answer in (await service.order(("chair", 1)), await service.get("/orders")):
                assert refusal(answer) == (503, "Service unavailable!")
                assert answer.headers["Retry-After"] == "1"
        assert await service.stored() == []
