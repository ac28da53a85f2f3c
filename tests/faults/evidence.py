"""All that is known of a run when it is over: what was asked, seen, heard and done, and what is stored in the end."""

from dataclasses import dataclass, field
from typing import Any

from tests.faults.history import History
from tests.faults.load import Seen
from tests.faults.mischief import Mischief
from tests.faults.nemesis import Story
from tests.faults.tap import Tap
from tests.faults.watch import Readiness, Watched
from tests.invariants import DEMO, Databases, rows

Rows = dict[Any, dict[str, Any]]


@dataclass
class Stored:
    """The databases: orders and their copy of the products; the ledger, the products and the restocks' keys."""

    orders: Rows
    copy: Rows
    ledger: Rows
    products: Rows
    restocks: Rows


@dataclass
class Quiet:
    """How the shop came to rest: `mended` is the monotonic time of the last mending, `healthy` the seconds until all
    were healthy after it, and the others the seconds from then on; None is never."""

    mended: float
    healthy: float
    decided: float | None = None
    copied: float | None = None
    open: list[str] = field(default_factory=list)
    overdue: list[str] = field(default_factory=list)
    lag: dict[str, int] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)


@dataclass
class Evidence:
    """`start` is the stock before the first request, by name; `seconds` how long the shop was used; `storms` what a
    service logged too much of.
    """

    seconds: float
    start: dict[str, int]
    history: History
    story: Story
    tap: Tap
    mischief: Mischief
    seen: Seen
    watched: Watched
    readiness: Readiness
    stored: Stored
    quiet: Quiet
    storms: list[str]


async def read(db: Databases) -> Stored:
    """What is stored now, without the start data's orders."""
    orders, ledger = await rows(db.orders.orders), await rows(db.products.orders)
    for demo in DEMO:
        orders.pop(demo, None)
        ledger.pop(demo, None)
    return Stored(
        orders,
        await rows(db.orders.products),
        ledger,
        await rows(db.products.products),
        await rows(db.products.restocks),
    )


def lines(order: dict[str, Any]) -> list[tuple[str, int]]:
    return [(line["name"], line["quantity"]) for line in order["products"]]


def reason(row: dict[str, Any]) -> tuple[str, int] | None:
    """What an order or a decision says was lacking, and how much was left."""
    return (row["lacking"]["name"], row["lacking"]["left"]) if "lacking" in row else None
