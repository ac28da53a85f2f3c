"""What must hold: S1 to S8 in every state and on every step, L1 to L3 where fault-free runs end."""

from collections.abc import Callable, Iterator

from tests.model.state import ABSENT, ACCEPTED, FINAL, PENDING, PROMISED, State
from tests.model.world import World


def stock_below_zero(w: World, s: State) -> bool:
    """S1: stock is never below zero."""
    return any(quantity < 0 for _, quantity in s.stock)


def stock_unequal(w: World, s: State) -> bool:
    """S2: start + restocks - accepted = stock, for every product."""
    for product, (_, quantity) in enumerate(s.stock):
        restocked = sum(pieces for n in s.restocked for where, pieces in [w.restocks[n]] if where == product)
        sold = sum(w.lines[o][product] * rows.count(ACCEPTED) for o, rows in enumerate(s.ledger))
        if w.stock[product] + restocked - sold != quantity:
            return True
    return False


def decided_twice(w: World, s: State) -> bool:
    """S3: an order is decided once."""
    return any(len(rows) > 1 for rows in s.ledger)


def status_unlike_ledger(w: World, s: State) -> bool:
    """S5: a final status is the one in the ledger."""
    return any(status in FINAL and rows[-1:] != (status,) for status, rows in zip(s.orders, s.ledger, strict=True))


def promise_broken(w: World, s: State) -> bool:
    """S6: every order answered 201 is there, and a repeated key never made two."""
    wishes = [wish for wish, status in zip(w.wishes, s.orders, strict=True) if status != ABSENT]
    return PROMISED in s.orders or len(set(wishes)) < len(wishes)


def decided_without_order(w: World, s: State) -> bool:
    """S7: there is no decision without an order."""
    return any(rows and status in (ABSENT, PROMISED) for status, rows in zip(s.orders, s.ledger, strict=True))


def snapshot_wrong(w: World, s: State) -> bool:
    """S8: a snapshot of version v, on its way or kept, is the product at v.

    Looked at while v is the newest version: a snapshot never changes after that.
    """
    return any(
        version > s.stock[product][0] or (version == s.stock[product][0] and quantity != s.stock[product][1])
        for product, version, quantity in snapshots(s)
    )


def left_final(s: State, t: State) -> bool:
    """S4: no order leaves a final status."""
    return s.orders is not t.orders and any(x in FINAL and x != y for x, y in zip(s.orders, t.orders, strict=True))


def copy_went_back(s: State, t: State) -> bool:
    """S8: the versions of the copy never fall."""
    return s.copy is not t.copy and any(y[0] < x[0] for x, y in zip(s.copy, t.copy, strict=True))


def snapshots(s: State) -> Iterator[tuple[int, int, int]]:
    yield from s.log
    yield from (telling[:3] for telling in s.tellings)
    yield from ((product, *shelf) for product, shelf in enumerate(s.copy) if shelf[0])


def undecided(w: World, s: State) -> bool:
    """L1: every order is decided."""
    return PENDING in s.orders


def stale(w: World, s: State) -> bool:
    """L2: the copy equals the stock."""
    return w.told and s.copy != s.stock


def overdue(w: World, s: State) -> bool:
    """L3: nothing is overdue."""
    return bool(s.due)


STATES = (
    stock_below_zero,
    stock_unequal,
    decided_twice,
    status_unlike_ledger,
    promise_broken,
    decided_without_order,
    snapshot_wrong,
)
STEPS = (left_final, copy_went_back)
ENDS = (undecided, stale, overdue)


def name(check: Callable[..., bool]) -> str:
    """The check's short name: S1, L2."""
    return (check.__doc__ or "").split(":")[0]
