"""Every check finds what it is there for: in evidence in which all is right, one thing is made wrong."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from bson import Decimal128, ObjectId

from tests.faults.checks import CHECKS, violations
from tests.faults.evidence import Evidence, Quiet, Stored
from tests.faults.history import History, Request
from tests.faults.load import Seen
from tests.faults.mischief import Mischief
from tests.faults.nemesis import Fault, Story
from tests.faults.report import text
from tests.faults.tap import Tap
from tests.faults.watch import Readiness, Watched

CUP, BOUGHT, REFUSED = (ObjectId(f"{n:024x}") for n in range(3))
BURIED, UNHEARD = b"\xffburied", b"\xffunheard"


def order(order_id: ObjectId, key: str, status: str, quantity: int) -> tuple[Request, dict[str, Any]]:
    """The request for an order of cups, and what is stored."""
    body = {"products": [{"name": "cup", "quantity": quantity}]}
    answer = {"id": str(order_id), "status": "PENDING"}
    stored = {"_id": order_id, "status": status, "idempotency_key": f"ann\n{key}", **body}
    return Request("order", "ann", key, body, 1, 2, "ok", 201, answer), stored


def right() -> Evidence:
    """10 cups and 2 more, of which 3 are bought; who wanted 20 got none."""
    (asked, bought), (asked_more, refused) = order(BOUGHT, "one", "ACCEPTED", 3), order(REFUSED, "two", "REJECTED", 20)
    restock = Request("restock", "admin", "three", {"delta": 2}, 1, 2, "ok", 200, {})
    turned_down = Request("order", "ann", "four", {}, 1, 2, "refused", 404, {})
    reason = {"name": "cup", "left": 12, "version": 2}
    refused["lacking"] = {"name": "cup", "left": 12}
    ledger = {
        BOUGHT: {"status": "ACCEPTED", "products": bought["products"]},
        REFUSED: {"status": "REJECTED", "products": refused["products"], "lacking": reason},
    }
    cup = {"_id": CUP, "name": "cup", "quantity": 9, "price": Decimal128("1.50"), "version": 3}
    stored = Stored(
        orders={BOUGHT: bought, REFUSED: refused},
        copy={CUP: cup.copy()},
        ledger=ledger,
        products={CUP: cup},
        restocks={"three": {"slug": "cup", "delta": 2}},
    )
    tap, watched = Tap("nowhere"), Watched()
    tap.heard.asked.update({str(BOUGHT): 2, str(REFUSED): 1})
    tap.heard.answered = {str(BOUGHT): {"ACCEPTED"}, str(REFUSED): {"REJECTED"}}
    tap.heard.told = {(str(CUP), 3): {("cup", 9)}}
    tap.heard.buried = {BURIED}
    watched.states = {("stock", CUP, n): ("cup", left) for n, left in ((1, 10), (2, 12), (3, 9))}
    watched.states["copy", CUP, 3] = ("cup", 9)
    mischief = Mischief("nowhere", tap, random.Random(1), put={BURIED: 0}, tried={BURIED, UNHEARD})
    gone = Fault("freeze", "orders-db", 10, 16)
    readiness = Readiness({"orders-ms": [12.0], "orders-ms-2": [13.0]}, {"orders-ms": True, "orders-ms-2": True})
    history = History([asked, asked_more, restock, turned_down])
    quiet = Quiet(mended=20, healthy=1, decided=2, copied=2)
    return Evidence(
        60, {"cup": 10}, history, Story([gone]), tap, mischief, Seen(), watched, readiness, stored, quiet, []
    )


def test_nothing_is_wrong_with_what_is_right() -> None:
    assert violations(right()) == {name: [] for name in CHECKS}
    assert "VIOLATED" not in text(right(), 1)


WRONG: dict[str, tuple[str, Callable[[Evidence], object]]] = {
    "a negative stock was shown": ("S1", lambda e: e.seen.wrong.append("S1 cup was shown with -1")),
    "the stock is negative": (
        "S1 S2 L2",
        lambda e: e.stored.products[CUP].update(quantity=-1),
    ),
    "a piece is missing": ("S2", lambda e: both(e, quantity=8)),
    "a restock counted twice": ("S2", lambda e: both(e, quantity=11)),
    "an order was answered twice": ("S3", lambda e: e.tap.heard.answered[str(BOUGHT)].add("REJECTED")),
    "what was answered is not decided": ("S3", lambda e: e.tap.heard.answered.update({str(CUP): {"ACCEPTED"}})),
    "a final status was left": ("S4", lambda e: seen(e, "ACCEPTED", "PENDING")),
    "an order says what the ledger does not": ("S5", lambda e: e.stored.orders[BOUGHT].update(status="REJECTED")),
    "an order tells another reason": ("S5", lambda e: e.stored.orders[REFUSED]["lacking"].update(left=11)),
    "an order was settled and never decided": ("S3 S2 S5", lambda e: e.stored.ledger.pop(BOUGHT)),
    "a 201 is not there": ("S6 S7", lambda e: e.stored.orders.pop(BOUGHT)),
    "what was refused is there": ("S6", lambda e: placed(e, "four")),
    "a key made two": ("S6", lambda e: placed(e, "one")),
    "a restock that was answered is not there": ("S2 S6", lambda e: e.stored.restocks.clear()),
    "nobody asked for it": ("S6", lambda e: placed(e, "five")),
    "a version fell": ("S8", lambda e: copied(e, 4, 3)),
    "a version was copied as another": ("S8", lambda e: e.watched.states.update({("copy", CUP, 2): ("cup", 11)})),
    "a version was told as two things": ("S8", lambda e: e.tap.heard.told[str(CUP), 3].add(("cup", 8))),
    "a rejection without a reason": ("S9", lambda e: lacked(e, 20)),
    "a reason that never was": ("S9", lambda e: lacked(e, 4)),
    "garbage that vanished": ("S10", lambda e: e.tap.heard.buried.clear()),
    "an event among the dead letters": ("S10", lambda e: e.tap.heard.buried.add(b"{}")),
    "late": ("L1", lambda e: setattr(e.quiet, "decided", 30.1)),
    "never": ("L1", lambda e: setattr(e.quiet, "decided", None)),
    "a stale copy": ("L2", lambda e: e.stored.copy[CUP].update(quantity=8)),
    "something is overdue": ("L3", lambda e: e.quiet.overdue.append("cup")),
    "a group is behind": ("L3", lambda e: e.quiet.lag.update({"orders-ms on shop.ProductCreate[0]": 1})),
    "a transaction is open": ("L4", lambda e: e.quiet.held.append("cup")),
    "asked without end": ("L5", lambda e: e.tap.heard.asked.update({str(BOUGHT): 20} | {str(n): 1 for n in range(40)})),
    "all asked too often": ("L5", lambda e: e.tap.heard.asked.update({str(BOUGHT): 4, str(REFUSED): 4})),
    "ready without its database": ("O1", lambda e: e.readiness.unready.pop("orders-ms-2")),
    "not ready in the end": ("O1", lambda e: e.readiness.ready.update({"orders-ms": False})),
    "a stack trace": ("O2", lambda e: e.storms.append("orders-ms logs Traceback")),
}


def both(e: Evidence, **changes: int) -> None:
    """Change the product and its copy, as if it had always been so."""
    for products in (e.stored.products, e.stored.copy):
        products[CUP].update(changes)


def lacked(e: Evidence, left: int) -> None:
    """The rejection says that so many were left, wherever it is told."""
    for rows in (e.stored.ledger, e.stored.orders):
        rows[REFUSED]["lacking"].update(left=left)


def placed(e: Evidence, key: str) -> None:
    """One more order of the client's that nobody decided yet."""
    e.stored.orders[ObjectId()] = order(ObjectId(), key, "PENDING", 1)[1]


def seen(e: Evidence, *statuses: str) -> None:
    """One look after the other at an order in the database."""
    for status in statuses:
        e.watched.order({"_id": BOUGHT, "status": status})


def copied(e: Evidence, *versions: int) -> None:
    """One look after the other at the copy."""
    for version in versions:
        e.watched.product("copy", {"_id": CUP, "name": "cup", "version": version, "quantity": 9})


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_found(what: str) -> None:
    names, make_wrong = WRONG[what]
    evidence = right()
    make_wrong(evidence)
    assert {name for name, found in violations(evidence).items() if found} == set(names.split())


def test_every_check_finds_something() -> None:
    assert {name for names, _ in WRONG.values() for name in names.split()} == CHECKS.keys()


@pytest.mark.parametrize("kind", ["cut", "half-open"])
def test_a_link_to_the_database_counts_as_the_database(kind: str) -> None:
    evidence = right()
    evidence.story.faults = [Fault(kind, "orders-ms -> orders-db", 30, 36)]
    [found] = violations(evidence)["O1"]
    assert found == f"orders-ms stayed ready for 6.0 s of {kind}: orders-ms -> orders-db"
    evidence.readiness.unready["orders-ms"].append(33)
    assert violations(evidence)["O1"] == []
