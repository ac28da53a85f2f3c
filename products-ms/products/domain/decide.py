"""The rule that decides orders: a pure function of (orders, ledger, stock).

An order is accepted if all its lines, summed by product, are in stock at that moment; then they are taken. Orders are
decided in the sequence given, each once: one that the ledger has, or that came before in the same batch, is skipped.
So deciding a batch equals deciding its orders one by one; tested by properties in tests/test_decide.py.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from bson import ObjectId

from products.models import Decision, Lacking, Order


@dataclass(frozen=True, slots=True)
class Outcome:
    """New ledger rows, and how many of each product (by name key) they take from the stock."""

    decisions: tuple[Decision, ...]
    taken: Mapping[str, int]


def decide(orders: Iterable[Order], ledger: Container[ObjectId], stock: Mapping[str, int]) -> Outcome:
    """Decide what is not decided yet. `stock` holds the quantity of every product that exists among the lines."""
    decisions: dict[ObjectId, Decision] = {}
    taken: Counter[str] = Counter()
    for order in orders:
        if order.id in ledger or order.id in decisions:
            continue
        wanted: Counter[str] = Counter()
        for line in order.lines:
            wanted[line.product] += line.quantity
        left = {product: stock.get(product, 0) - taken[product] for product in wanted}
        lacking = next((Lacking(p, left[p]) for p, count in wanted.items() if left[p] < count), None)
        if lacking is None:
            taken.update(wanted)
        decisions[order.id] = Decision(order, "REJECTED" if lacking else "ACCEPTED", lacking)
    return Outcome(tuple(decisions.values()), taken)
