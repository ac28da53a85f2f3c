"""The topic of snapshots: a broker that loses it, and the keeper that notices."""

from collections.abc import Iterator
from itertools import combinations

from tests.model.snapshots import mark
from tests.model.state import Keeper, State, Step, bag, put
from tests.model.world import World


def steps(w: World, s: State) -> Iterator[Step]:
    for index, keeper in enumerate(s.keepers):
        yield from look(w, s, index, keeper)
        if keeper != Keeper() and (w.restarts or keeper.phase != "idle"):
            memory = "nothing" if w.restarts else keeper.memory
            yield (
                f"a keeper {'dies' if w.restarts else 'fails'}: {keeper.phase}",
                kept(s, index, Keeper("idle", memory)),
                False,
            )
    if s.topic and s.wipes < w.wipes:
        yield from wipe(w, s)
    if not s.topic and w.makes_topics:
        yield "the broker makes the topic for a subscriber", s._replace(topic=True), False
    if s.old_position:
        yield from rejoin(w, s)


def kept(s: State, index: int, keeper: Keeper) -> State:
    return s._replace(keepers=bag(put(s.keepers, index, keeper)))


def look(w: World, s: State, index: int, keeper: Keeper) -> Iterator[Step]:
    """A keeper that misses its topic makes everything due, and then the topic; one that finds it cut makes all due."""
    phase, memory = keeper
    first, second = ("marked", "made") if w.keeps("due, then the topic") else ("made", "marked")
    if phase == "idle" and not s.topic:
        yield "a keeper misses the topic", kept(s, index, Keeper("missing", memory)), True
    elif phase == "idle" and memory == "less":
        yield "a keeper finds the topic cut", kept(s, index, Keeper("cut", memory)), True
    elif phase == "cut":
        yield "the keeper makes all due", make_all_due(w, kept(s, index, Keeper())), True
    elif phase == "missing":
        yield from act(w, s, index, memory, first, first)
    elif phase == first:
        yield from act(w, s, index, memory, second, "idle")


def act(w: World, s: State, index: int, memory: str, what: str, phase: str) -> Iterator[Step]:
    if what == "marked":
        yield "the keeper makes all due", make_all_due(w, kept(s, index, Keeper(phase, "nothing"))), True
    else:
        yield "the keeper makes the topic", kept(s, index, Keeper(phase, memory))._replace(topic=True), True


def make_all_due(w: World, s: State) -> State:
    """Every product is due under a new claim."""
    for product in range(len(s.stock)) if w.keeps("all due") else ():
        s = mark(s, product)
    return s


def wipe(w: World, s: State) -> Iterator[Step]:
    """The broker forgets the topic; what the reader had fetched is still in its hands."""
    keepers = bag(k._replace(memory="less") if k.memory == "acked" else k for k in s.keepers)
    tellings = bag(t._replace(sent="gone") if t.sent == "here" else t for t in s.tellings)
    t = s._replace(topic=False, wipes=s.wipes + 1, keepers=keepers, tellings=tellings, old_position=w.keeps_position)
    for size in range(len(s.log) + 1):
        for fetched in combinations(sorted(s.log), size):
            yield f"the broker is wiped; orders-ms holds {fetched}", t._replace(log=frozenset(fetched)), False


def rejoin(w: World, s: State) -> Iterator[Step]:
    """A reader with a position from before the wipe joins anew and reads from the start, committing nothing old."""
    yield "orders-ms joins anew and reads from the start", s._replace(old_position=False), True
    if not w.keeps("nothing old committed"):
        t = s._replace(old_position=False, log=frozenset())
        yield "orders-ms commits its old position and goes on from there", t, False
