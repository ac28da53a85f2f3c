"""products-ms: deciding chunks of orders, each in one transaction that reads first and writes last; and restocking."""

from collections.abc import Iterator
from itertools import permutations

from tests.model.snapshots import change
from tests.model.state import ACCEPTED, REJECTED, Chunk, Shelf, State, Step, bag, drop, put
from tests.model.world import World


def steps(w: World, s: State) -> Iterator[Step]:
    if len(s.chunks) < w.replicas:
        yield from fetch(w, s)
    for index, chunk in enumerate(s.chunks):
        rest = s._replace(chunks=drop(s.chunks, index))
        yield f"products-ms dies with {chunk.phase} {chunk.orders}", rest, False
        yield from PHASES[chunk.phase](w, s, rest, chunk)
    for order, rows in enumerate(s.ledger if not w.keeps("durable writes") else ()):
        if rows:
            yield forget(w, s, order)
    for number, (product, pieces) in enumerate(w.restocks):
        yield from restock(w, s, number, product, pieces)


def holding(rest: State, chunk: Chunk) -> State:
    return rest._replace(chunks=bag((*rest.chunks, chunk)))


def fetch(w: World, s: State) -> Iterator[Step]:
    """A replica fetches some of the questions. That another holds one of them takes a rebalance."""
    held = {order for chunk in s.chunks for order in chunk.orders}
    for size in range(1, w.chunk + 1):
        for orders in permutations(s.questions, size):
            yield f"products-ms fetches {orders}", holding(s, Chunk("fetched", orders)), held.isdisjoint(orders)


def read(w: World, s: State, rest: State, chunk: Chunk) -> Iterator[Step]:
    """The transaction reads the ledger's rows of the chunk, and the products."""
    rows = tuple(s.ledger[o] if w.keeps("ledger") else () for o in chunk.orders)
    t = holding(rest, chunk._replace(phase="read", rows=rows, shelves=s.stock))
    yield f"products-ms reads for {chunk.orders}", t, True


def decide(w: World, chunk: Chunk) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The status of every order, and the pieces taken of each product: one after the other, all its lines or none."""
    taken, statuses = [0] * len(chunk.shelves), []
    for order, row in zip(chunk.orders, chunk.rows, strict=True):
        wanted = w.lines[order]
        left = [quantity - out for (_, quantity), out in zip(chunk.shelves, taken, strict=True)]
        enough = all(count <= there for count, there in zip(wanted, left, strict=True))
        enough = enough or not w.keeps("enough in stock")
        statuses.append(row[0] if row else ACCEPTED if enough else REJECTED)
        if not row and enough:
            taken = [out + count for out, count in zip(taken, wanted, strict=True)]
    return tuple(statuses), tuple(taken)


def write(w: World, s: State, rest: State, chunk: Chunk) -> Iterator[Step]:
    """Products on the condition of the version read, new rows for orders without one, commit; or all of it again."""
    statuses, taken = decide(w, chunk)
    fetched = holding(rest, Chunk("fetched", chunk.orders))
    if w.keeps("version read") and moved(chunk.shelves, s.stock, taken):
        yield f"the transaction of {chunk.orders} meets a changed product", fetched, True
        return
    if w.keeps("ledger") and w.keeps("one row") and any(s.ledger[o] != r for o, r in seen(chunk)):
        yield f"the transaction of {chunk.orders} meets a row that is there", fetched, True
        return
    t = rest
    for product, pieces in enumerate(taken):
        t = change(w, t, product, -pieces) if pieces else t
    after = chunk._replace(phase="half", statuses=statuses)
    if not w.keeps("one transaction"):
        yield f"products-ms takes the pieces of {chunk.orders}", holding(t, after), True
        return
    yield from insert(w, t, t, after)


def insert(w: World, s: State, rest: State, chunk: Chunk) -> Iterator[Step]:
    """The ledger gets a row for each order that had none."""
    new = {o: status for (o, row), status in zip(seen(chunk), chunk.statuses, strict=True) if not row}
    ledger = tuple((*rows, new[o]) if o in new else rows for o, rows in enumerate(s.ledger))
    answered = new if not w.keeps("answering again") else dict(zip(chunk.orders, chunk.statuses, strict=True))
    statuses = tuple(answered.get(o, "") for o in chunk.orders)
    t = holding(rest._replace(ledger=ledger), Chunk("committed", chunk.orders, statuses=statuses))
    yield f"products-ms commits {chunk.orders} as {', '.join(chunk.statuses)}", t, True


def answer(w: World, s: State, rest: State, chunk: Chunk) -> Iterator[Step]:
    """Every question is answered, whether it was decided now or before."""
    told = s.answers | {(o, status) for o, status in zip(chunk.orders, chunk.statuses, strict=True) if status}
    t = holding(rest._replace(answers=told), Chunk("answered", chunk.orders))
    yield f"products-ms answers {chunk.orders}", t, True


def commit_offsets(w: World, s: State, rest: State, chunk: Chunk) -> Iterator[Step]:
    """Offsets come last: until then the questions come again."""
    yield (
        f"products-ms commits the offsets of {chunk.orders}",
        rest._replace(questions=s.questions - set(chunk.orders)),
        True,
    )


def restock(w: World, s: State, number: int, product: int, pieces: int) -> Iterator[Step]:
    """An admin changes the stock, and with the same key again after an answer he did not get."""
    again = number in s.restocked
    if not (again and w.keeps("restock key")) and s.stock[product][1] + pieces >= 0:
        t = change(w, s, product, pieces)._replace(restocked=s.restocked | {number})
        yield f"restock {number}{' again' * again}: {pieces:+d} of product {product}", t, False


def forget(w: World, s: State, order: int) -> Step:
    """A database that lost its last transaction has neither the row nor the change of stock."""
    stock = s.stock
    for product, pieces in enumerate(w.lines[order] if s.ledger[order][-1] == ACCEPTED else ()):
        version, quantity = stock[product]
        stock = put(stock, product, (version - (pieces > 0), quantity + pieces))
    t = s._replace(stock=stock, ledger=put(s.ledger, order, s.ledger[order][:-1]))
    return f"products-db dies and forgets the decision of order {order}", t, False


def moved(before: tuple[Shelf, ...], now: tuple[Shelf, ...], taken: tuple[int, ...]) -> bool:
    return any(pieces and was[0] != is_[0] for was, is_, pieces in zip(before, now, taken, strict=True))


def seen(chunk: Chunk) -> list[tuple[int, tuple[str, ...]]]:
    return list(zip(chunk.orders, chunk.rows, strict=True))


PHASES = {"fetched": read, "read": write, "half": insert, "committed": answer, "answered": commit_offsets}
