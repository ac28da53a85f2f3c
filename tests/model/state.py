"""What a state of the shop is: two databases, what is on its way between them, and what only memories hold.

A topic is a set of messages that arrive in any sequence, any number of times: one is in the set until the offset after
it was committed. So duplicates, reordering and rebalances need no steps of their own.
"""

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

T = TypeVar("T")

ABSENT, PROMISED, PENDING, ACCEPTED, REJECTED = "ABSENT", "PROMISED", "PENDING", "ACCEPTED", "REJECTED"
"""An order's status. PROMISED was answered 201 and is not stored: it must never come to that."""

FINAL = (ACCEPTED, REJECTED)

Shelf = tuple[int, int]
"""A product's (version, quantity)."""


class Chunk(NamedTuple):
    """Questions in the hands of one replica of products-ms.

    `phase` is fetched, read, half (a removed rule's), committed or answered; `rows` and `shelves` are what its
    transaction read; `statuses` what it will answer.
    """

    phase: str
    orders: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    shelves: tuple[Shelf, ...] = ()
    statuses: tuple[str, ...] = ()


class Telling(NamedTuple):
    """A snapshot in the memory of products-ms; `current` while the product's claim is the one it came with.

    `sent` is no, here, or gone (to a topic that was wiped since); its ack is still to come.
    """

    product: int
    version: int
    quantity: int
    current: bool
    sent: str = "no"


class Keeper(NamedTuple):
    """The keeper in one process of products-ms.

    `phase` is idle, missing, marked, made (a removed rule's) or cut; `memory` says whether the broker acked something
    to this process: nothing, acked, or less (the topic ends lower than this process knows it did).
    """

    phase: str = "idle"
    memory: str = "nothing"


class State(NamedTuple):
    """Tuples are by number of the wish, the order or the product."""

    # orders-db, and the memory of orders-ms: requests that found their key unused, questions about to be sent
    orders: tuple[str, ...]
    copy: tuple[Shelf, ...]
    requests: tuple[int, ...]
    asking: frozenset[int]
    # The topics of questions and answers
    questions: frozenset[int]
    answers: frozenset[tuple[int, str]]
    # products-db: an order's rows in the ledger (one at the most), the stock, which products are due, restocks done
    ledger: tuple[tuple[str, ...], ...]
    stock: tuple[Shelf, ...]
    due: frozenset[int]
    restocked: frozenset[int]
    # The memory of products-ms, of all replicas
    chunks: tuple[Chunk, ...]
    tellings: tuple[Telling, ...]
    keepers: tuple[Keeper, ...]
    # The topic of snapshots: (product, version, quantity); whether orders-ms reads it from an old position
    topic: bool
    log: frozenset[tuple[int, int, int]]
    old_position: bool
    wipes: int


Step = tuple[str, State, bool]
"""What happens, the state after it, and whether it is calm: progress that needs no accident, no client and no luck."""


def put(row: tuple[T, ...], index: int, value: T) -> tuple[T, ...]:
    """`row` with `value` at `index`."""
    return (*row[:index], value, *row[index + 1 :])


def drop(row: tuple[T, ...], index: int) -> tuple[T, ...]:
    """`row` without what is at `index`."""
    return row[:index] + row[index + 1 :]


def bag(items: Iterable[T]) -> tuple[T, ...]:
    """The items in one sequence, whoever holds which: replicas are alike."""
    return tuple(sorted(items))  # type: ignore[type-var]
