"""orders-ms: placing an order, asking for its decision, and settling it."""

from collections.abc import Iterator

from tests.model.state import ABSENT, FINAL, PENDING, PROMISED, State, Step, put
from tests.model.world import World


def steps(w: World, s: State) -> Iterator[Step]:
    for wish in range(len(s.requests)):
        yield from look_up(w, s, wish)
        if s.requests[wish]:
            yield from store(w, s, wish)
    for order, status in enumerate(s.orders):
        if status == PENDING:
            yield from ask_again(w, s, order)
        if status == PENDING and not w.keeps("durable writes"):
            yield f"orders-db dies and forgets order {order}", s._replace(orders=put(s.orders, order, PROMISED)), False
    for order in s.asking:
        yield from ask(s, order)
    for order in s.questions:
        yield f"the question of order {order} is lost", s._replace(questions=s.questions - {order}), False
    for order, status in s.answers:
        yield from settle(w, s, order, status)


def look_up(w: World, s: State, wish: int) -> Iterator[Step]:
    """A client sends his wish, for the first time or again. If the key is known he gets the order that is there."""
    known = w.keeps("idempotency key") and stored(w, s, wish)
    if not known and s.requests[wish] < w.requests and free(w, s, wish) is not None:
        t = s._replace(requests=put(s.requests, wish, s.requests[wish] + 1))
        yield f"wish {wish} is sent, and its key is found unused", t, False


def store(w: World, s: State, wish: int) -> Iterator[Step]:
    """The order is stored, then asked for and answered 201. Of two at once with one key the index lets one in."""
    done = s._replace(requests=put(s.requests, wish, s.requests[wish] - 1))
    order = free(w, s, wish)
    unique = w.keeps("idempotency key") and w.keeps("unique key")
    yield f"orders-ms dies before it stored wish {wish}", done, False
    if order is None or (unique and stored(w, s, wish)):
        yield f"wish {wish} is answered with the order that is there", done, True
        return
    yield f"order {order} is stored", ask_soon(done._replace(orders=put(s.orders, order, PENDING)), order), True
    if not w.keeps("stored, then answered"):
        yield f"order {order} is answered 201", s._replace(orders=put(s.orders, order, PROMISED)), False
    if not w.keeps("stored, then asked"):
        yield f"orders-ms asks for order {order}", ask_soon(s, order), False


def ask_soon(s: State, order: int) -> State:
    """Right after the commit the question is in memory, and can be lost from there."""
    return s._replace(asking=s.asking | {order})


def ask_again(w: World, s: State, order: int) -> Iterator[Step]:
    """The sweep claims an order that is PENDING and due.

    Its doubling delay outlasts a round trip: when all is calm it waits for what became of the question before.
    """
    if w.keeps("asking again") and order not in s.asking:
        calm = not (order in s.questions or any(order in c.orders for c in s.chunks) or order in dict(s.answers))
        yield f"the sweep claims order {order}", ask_soon(s, order), calm


def ask(s: State, order: int) -> Iterator[Step]:
    """The question is published, or gone with the process or a failed send."""
    rest = s._replace(asking=s.asking - {order})
    yield f"order {order} is asked for", rest._replace(questions=s.questions | {order}), True
    yield f"the question of order {order} is never sent", rest, False


def settle(w: World, s: State, order: int, status: str) -> Iterator[Step]:
    """An answer gives a PENDING order its final status; any other order stays what it is."""
    gone = s._replace(answers=s.answers - {(order, status)})
    if s.orders[order] == PENDING or (s.orders[order] in FINAL and not w.keeps("only PENDING settles")):
        orders = put(s.orders, order, status)
        yield f"order {order} becomes {status}, offset not committed", s._replace(orders=orders), False
        yield f"order {order} becomes {status}", gone._replace(orders=orders), True
    else:
        yield f"the answer {status} changes nothing of order {order}", gone, True
    yield f"the answer {status} of order {order} is lost", gone, False


def stored(w: World, s: State, wish: int) -> bool:
    return any(s.orders[o] not in (ABSENT, PROMISED) for o, whose in enumerate(w.wishes) if whose == wish)


def free(w: World, s: State, wish: int) -> int | None:
    """A new order id for the wish; None when the bounds of the world have no more."""
    return next((o for o, whose in enumerate(w.wishes) if whose == wish and s.orders[o] == ABSENT), None)
