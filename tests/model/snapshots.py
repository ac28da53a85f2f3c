"""Snapshots of products: products-ms tells what a product is now, orders-ms keeps a copy of it."""

from collections.abc import Iterator

from tests.model.state import State, Step, Telling, bag, drop, put
from tests.model.world import World


def steps(w: World, s: State) -> Iterator[Step]:
    for product in s.due:
        yield from claim(w, s, product)
    for index, telling in enumerate(s.tellings):
        rest = s._replace(tellings=drop(s.tellings, index))
        yield f"the snapshot {telling[:3]} is lost from memory", rest, False
        if telling.sent != "no":
            yield from put_off(w, rest, telling)
        elif s.topic:
            yield send(s, rest, telling)
    for snapshot in s.log:
        yield from keep(w, s, snapshot)
    yield from lap(w, s)


def change(w: World, s: State, product: int, pieces: int) -> State:
    """One write: quantity, the next version, and the outbox with a new claim. Then the fast path has it in memory."""
    version, quantity = s.stock[product]
    version, quantity = version + w.keeps("next version"), quantity + pieces
    s = s._replace(stock=put(s.stock, product, (version, quantity)))
    if not w.told:
        return s
    s = mark(s, product) if w.keeps("due with the change") else s
    return remember(s, Telling(product, version, quantity, True)) if len(s.tellings) < w.tellings else s


def mark(s: State, product: int) -> State:
    """The product is due, under a new claim: who has the old one finds it changed."""
    tellings = bag(t._replace(current=False) if t.product == product else t for t in s.tellings)
    return s._replace(due=s.due | {product}, tellings=tellings)


def remember(s: State, telling: Telling) -> State:
    return s._replace(tellings=bag((*s.tellings, telling)))


def claim(w: World, s: State, product: int) -> Iterator[Step]:
    """The sweep claims a product that is due, and has its snapshot in memory. Its delay outlasts a round trip."""
    if w.keeps("sweep of products") and len(s.tellings) < w.tellings:
        calm = all(t.product != product for t in s.tellings)
        t = remember(mark(s, product), Telling(product, *s.stock[product], True))
        yield f"the sweep claims product {product} at {s.stock[product]}", t, calm


def send(s: State, rest: State, telling: Telling) -> Step:
    """The broker has the snapshot; whether its ack arrives is another matter."""
    t = remember(rest, telling._replace(sent="here"))._replace(log=s.log | {telling[:3]})
    return f"the broker takes {telling[:3]}", t, True


def put_off(w: World, rest: State, telling: Telling) -> Iterator[Step]:
    """The ack puts the product off until the next lap, if version and claim are still those that were sent."""
    product, version = telling.product, telling.version
    unchanged = rest.stock[product][0] == version and (telling.current or not w.keeps("claim unchanged"))
    if unchanged and w.keeps("put off"):
        t = mark(rest, product)
        acked, label = t._replace(due=t.due - {product}), "put off"
    else:
        acked, label = rest, "still due"
    for index in range(len(acked.keepers)):
        for memory, calm in remembered(w, acked.keepers[index].memory, telling.sent):
            keepers = bag(put(acked.keepers, index, acked.keepers[index]._replace(memory=memory)))
            yield f"the ack of {telling[:3]} arrives: {label}", acked._replace(keepers=keepers), calm


def remembered(w: World, memory: str, sent: str) -> Iterator[tuple[str, bool]]:
    """What a process knows of its topic after an ack.

    It is hidden from it by a topic that has grown past its old end, or by an ack that came while the ends were read.
    """
    if not w.keeps("ends compared"):
        yield "nothing", True
        return
    less = sent == "gone" or memory == "less"
    yield "less" if less else "acked", True
    if w.hides and less and (sent == "here" or memory == "acked"):
        yield "acked", False
    if w.hides and not less:
        yield memory, False


def lap(w: World, s: State) -> Iterator[Step]:
    """What was put off is due again after a lap; when all is calm that is long after everything else came to rest."""
    rest = s.topic and not (s.due or s.tellings or s.log or s.old_position or any(k.phase != "idle" for k in s.keepers))
    for product in range(len(s.stock)) if w.told and w.keeps("lap") else ():
        if product not in s.due:
            calm = rest and s.copy[product] != s.stock[product] and all(k.memory != "less" for k in s.keepers)
            yield f"after a lap product {product} is due", mark(s, product), calm


def keep(w: World, s: State, snapshot: tuple[int, int, int]) -> Iterator[Step]:
    """orders-ms keeps a snapshot whose version is higher than its own, and commits the offset after that."""
    product, version, quantity = snapshot
    gone = s._replace(log=s.log - {snapshot})
    if version > s.copy[product][0] or not w.keeps("higher version"):
        copy = put(s.copy, product, (version, quantity))
        yield f"orders-ms keeps {snapshot}", gone._replace(copy=copy), True
        yield f"orders-ms keeps {snapshot}, offset not committed", s._replace(copy=copy), False
    else:
        yield f"orders-ms has more than {snapshot}", gone, True
    if not w.keeps("work before offsets"):
        yield f"orders-ms commits the offset of {snapshot} and dies", gone, False
    if w.loses:
        yield f"{snapshot} is lost", gone, False
