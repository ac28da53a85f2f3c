"""Which worlds are searched, and what must come out: the protocol holds, and without any one rule it does not.

`make test` searches SMALL, ABLATIONS and NEEDS_THE_LAP, `make model` all of it. SMALL says how many states
and steps there are: fewer would be a smaller model.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.model.world import World


@dataclass(frozen=True)
class Run:
    """A world and the verdict it must have; `rule` is the one it is without, `watched` the only checks looked at."""

    name: str
    world: World
    verdict: str = "HOLDS"
    size: tuple[int, int] = (0, 0)
    rule: str = ""
    watched: Sequence[str] = ()


NO_LAP = frozenset({"lap"})
UP_AND_DOWN = ((0, 1), (0, -1))

KEYS = World(lines=((1,), (1,)), wishes=(0, 0), requests=2, told=False)
"""One wish, sent at will: there is an id for the second order that there must never be."""

DECIDING = World(lines=((1,), (1,)), wishes=(0, 1), placed=True, replicas=2, told=False, tidy=True)
"""Two orders for the last piece, and two replicas to decide them."""

CHUNKS = replace(DECIDING, replicas=1, chunk=2, restocks=((0, 1),))
"""Both orders in one transaction, or one after the other."""

KAFKA = World(restocks=((0, 1),), tellings=2, wipes=1, restarts=True, without=NO_LAP)
"""Apache Kafka, which makes no topics by itself: a wipe is mended even without the lap."""

EMBEDDED = replace(KAFKA, restarts=False, makes_topics=True)
"""A broker that makes topics for whoever subscribes: a wipe shows in the ends of the topic only."""

ANYTHING = World(
    tellings=2,
    wipes=1,
    keepers=2,
    makes_topics=True,
    hides=True,
    restarts=True,
    keeps_position=True,
    loses=True,
    tidy=True,
)
"""Every accident there is; the lap mends what nobody noticed."""

WHOLE = World(lines=((1,),), wishes=(0,), tidy=True, without=NO_LAP)
"""From the client's wish to the copy."""

SMALL = (
    Run("one key, sent again and again", KEYS, size=(187, 1026)),
    Run("two replicas decide two orders", DECIDING, size=(14928, 145280)),
    Run("two orders in one chunk", CHUNKS, size=(11134, 91922)),
    Run("the copy, on Kafka, without the lap", KAFKA, size=(3833, 23091)),
    Run("the copy, on a broker that makes topics", EMBEDDED, size=(7787, 53789)),
    Run("the copy, and any accident", ANYTHING, size=(10738, 107988)),
    Run("an order, from the wish to the copy", WHOLE, size=(3182, 23943)),
)

LARGE = (
    Run("two replicas, two orders, chunks of two", replace(DECIDING, chunk=2, restocks=((0, 1),))),
    Run("three orders, two products", replace(CHUNKS, lines=((1, 1), (1, 0), (0, 2)), wishes=(0, 1, 2), stock=(1, 2))),
    Run("Kafka, two wipes", replace(KAFKA, wipes=2, tellings=3, restocks=UP_AND_DOWN, tidy=True)),
    Run("Kafka, two products", replace(KAFKA, stock=(1, 1), restocks=((0, 1), (1, 1)), tidy=True)),
    Run("a broker that makes topics, two wipes", replace(EMBEDDED, wipes=2, restocks=UP_AND_DOWN, tidy=True)),
    Run("any accident, two wipes", replace(ANYTHING, wipes=2, restocks=((0, 1),))),
    Run("any accident, two restocks", replace(ANYTHING, restocks=UP_AND_DOWN)),
    Run("an order to the copy, any accident", replace(ANYTHING, lines=((1,),), wishes=(0,), tellings=1, keepers=1)),
    Run("one key to the copy, a wipe", replace(WHOLE, lines=((1,), (1,)), wishes=(0, 0), requests=2, wipes=1)),
    Run("an order of two products to the copy, a wipe", replace(WHOLE, lines=((1, 1),), stock=(1, 1), wipes=1)),
    Run("two orders to the copy", replace(WHOLE, lines=((1,), (1,)), wishes=(0, 1))),
)


def removed(rule: str, world: World, verdict: str, *, also: Sequence[str] = (), watched: Sequence[str] = ()) -> Run:
    """The world without the rule, and without what rests on it."""
    without = world.without | {rule, *also}
    return Run(f"without: {rule}", replace(world, without=without, tidy=False), verdict, rule=rule, watched=watched)


ABLATIONS = (
    removed("idempotency key", KEYS, "UNSAFE S6"),
    removed("unique key", KEYS, "UNSAFE S6"),
    removed("stored, then answered", KEYS, "UNSAFE S6"),
    removed("stored, then asked", KEYS, "UNSAFE S7"),
    removed("durable writes", KEYS, "UNSAFE S6"),
    removed("durable writes", DECIDING, "UNSAFE S5", watched=["S5"]),
    removed("asking again", DECIDING, "STUCK L1"),
    # A ledger always gives the same answer: so it is removed, too, and only S4 is looked at.
    removed("only PENDING settles", DECIDING, "UNSAFE S4", also=["ledger"], watched=["S4"]),
    removed("ledger", DECIDING, "UNSAFE S3"),
    removed("one row", replace(DECIDING, stock=(0,)), "UNSAFE S3"),
    removed("answering again", KEYS, "STUCK L1"),
    removed("enough in stock", DECIDING, "UNSAFE S1"),
    removed("version read", DECIDING, "UNSAFE S1"),
    removed("one transaction", DECIDING, "UNSAFE S2"),
    removed("restock key", CHUNKS, "UNSAFE S2"),
    removed("next version", KAFKA, "UNSAFE S8"),
    removed("due with the change", KAFKA, "STUCK L2"),
    removed("sweep of products", KAFKA, "STUCK L2"),
    removed("put off", KAFKA, "STUCK L3"),
    removed("claim unchanged", KAFKA, "STUCK L2"),
    removed("lap", ANYTHING, "STUCK L2"),
    removed("higher version", KAFKA, "UNSAFE S8"),
    removed("work before offsets", KAFKA, "STUCK L2"),
    removed("nothing old committed", replace(KAFKA, keeps_position=True), "STUCK L2"),
    removed("all due", KAFKA, "STUCK L2"),
    removed("due, then the topic", KAFKA, "STUCK L2"),
    removed("ends compared", EMBEDDED, "STUCK L2"),
)

NEEDS_THE_LAP = (
    Run("no lap: products-ms restarts after a wipe", replace(EMBEDDED, restarts=True), "STUCK L2"),
    Run("no lap: the ends do not show what was lost", replace(EMBEDDED, hides=True), "STUCK L2"),
    Run("no lap: a second keeper makes the topic late", replace(KAFKA, keepers=2), "STUCK L2"),
    Run("no lap: a snapshot is lost", replace(KAFKA, loses=True), "STUCK L2"),
)
"""The accidents that only the lap mends, each alone."""


def late(rule: str, world: World) -> Run:
    """The world without the rule, but with the lap."""
    return Run(f"late by a lap: {rule}", replace(world, without=frozenset({rule})))


LATE = (
    late("due with the change", KAFKA),
    late("claim unchanged", KAFKA),
    late("work before offsets", KAFKA),
    late("nothing old committed", replace(KAFKA, keeps_position=True)),
    late("all due", KAFKA),
    late("due, then the topic", KAFKA),
    late("ends compared", EMBEDDED),
)
"""Rules that make the copy right in seconds: without them it is right after a lap."""
