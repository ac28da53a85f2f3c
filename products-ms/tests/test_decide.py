"""The rule itself, by its properties."""

from collections import Counter

from bson import ObjectId
from hypothesis import given
from hypothesis import strategies as st
from products.domain.decide import Outcome, decide
from products.models import Decision, Lacking, Line, Order, Status
from products_testing import order

names = st.sampled_from(["cup", "jug", "mug", "none such"])
lines = st.lists(st.builds(Line, names, st.integers(1, 6)), min_size=1, max_size=4).map(tuple)
ids = st.integers(0, 12).map(lambda n: ObjectId(f"{n:024x}"))
batches = st.lists(st.builds(Order, ids, lines), max_size=15)
stocks = st.fixed_dictionaries({name: st.integers(0, 12) for name in ("cup", "jug", "mug")})
ledgers = st.dictionaries(ids, st.sampled_from(["ACCEPTED", "REJECTED"]), max_size=4)


def rest(stock: dict[str, int], outcome: Outcome) -> dict[str, int]:
    return {name: count - outcome.taken.get(name, 0) for name, count in stock.items()}


@given(batches, ledgers, stocks)
def test_a_batch_is_decided_as_its_orders_one_by_one(
    batch: list[Order], ledger: dict[ObjectId, Status], stock: dict[str, int]
) -> None:
    together = decide(batch, ledger, stock)
    alone: list[Decision] = []
    known, left = dict(ledger), dict(stock)
    for single in batch:
        outcome = decide([single], known, left)
        alone.extend(outcome.decisions)
        known |= {d.order.id: d.status for d in outcome.decisions}
        left = rest(left, outcome)
    assert list(together.decisions) == alone
    assert rest(stock, together) == left


@given(batches, ledgers, stocks)
def test_stock_is_never_negative_and_every_piece_is_accounted_for(
    batch: list[Order], ledger: dict[ObjectId, Status], stock: dict[str, int]
) -> None:
    outcome = decide(batch, ledger, stock)
    accepted: Counter[str] = Counter()
    for decision in outcome.decisions:
        if decision.status == "ACCEPTED":
            for line in decision.order.lines:
                accepted[line.product] += line.quantity
    assert rest(stock, outcome) == {name: count - accepted[name] for name, count in stock.items()}
    assert all(count >= 0 for count in rest(stock, outcome).values())
    assert set(outcome.taken) <= set(stock)


@given(batches, ledgers, stocks)
def test_every_order_is_decided_once(batch: list[Order], ledger: dict[ObjectId, Status], stock: dict[str, int]) -> None:
    decided = [d.order.id for d in decide(batch, ledger, stock).decisions]
    assert decided == list(dict.fromkeys(o.id for o in batch if o.id not in ledger))


@given(batches, stocks)
def test_deciding_again_changes_nothing(batch: list[Order], stock: dict[str, int]) -> None:
    outcome = decide(batch, {}, stock)
    again = decide(batch, {d.order.id: d.status for d in outcome.decisions}, rest(stock, outcome))
    assert (again.decisions, dict(again.taken)) == ((), {})


@given(batches, stocks)
def test_a_rejection_says_what_was_lacking_at_its_turn(batch: list[Order], stock: dict[str, int]) -> None:
    left = dict(stock)
    for decision in decide(batch, {}, stock).decisions:
        wanted: Counter[str] = Counter()
        for line in decision.order.lines:
            wanted[line.product] += line.quantity
        short = [name for name, count in wanted.items() if left.get(name, 0) < count]
        assert (decision.lacking is None) == (not short)
        if decision.lacking:
            assert decision.lacking == Lacking(short[0], left.get(short[0], 0))
        else:
            left = {name: count - wanted[name] for name, count in left.items()}


def statuses(batch: list[Order], stock: dict[str, int]) -> list[Status]:
    return [d.status for d in decide(batch, {}, stock).decisions]


def test_one_product_on_two_lines_is_summed() -> None:
    assert statuses([order(1, ("cup", 3), ("cup", 3))], {"cup": 5}) == ["REJECTED"]
    assert statuses([order(1, ("cup", 3), ("cup", 2))], {"cup": 5}) == ["ACCEPTED"]


def test_the_same_order_twice_in_a_batch_takes_once() -> None:
    outcome = decide([order(1, ("cup", 2)), order(1, ("cup", 2))], {}, {"cup": 5})
    assert (len(outcome.decisions), dict(outcome.taken)) == (1, {"cup": 2})


def test_an_order_is_all_or_nothing_and_a_refused_one_leaves_the_stock_to_the_next() -> None:
    batch = [order(1, ("cup", 1), ("jug", 9)), order(2, ("cup", 2)), order(3, ("cup", 1)), order(4, ("none such", 1))]
    assert statuses(batch, {"cup": 2, "jug": 8}) == ["REJECTED", "ACCEPTED", "REJECTED", "REJECTED"]
