"""How large a world is searched, which accidents it knows, and which rules of the protocol are left out of it."""

from dataclasses import dataclass

from tests.model.rules import RULES
from tests.model.state import ABSENT, PENDING, Keeper, State

NAMES = frozenset(rule.name for rule in RULES)


@dataclass(frozen=True)
class World:
    """The bounds of a search.

    `lines` has, for each order there may be, the pieces it takes of each product; `wishes` whose wish it is: a client's
    request with one key, sent again at will, `requests` of it at a time. `restocks` are an admin's, each (product,
    pieces) with a key of its own. `chunk` questions are decided in one transaction, by `replicas` at a time; `tellings`
    snapshots are in memory at a time. `placed` starts with the orders stored, `told` has a copy of the stock, `tidy`
    leaves out messages without effect.

    Accidents besides crashes and lost questions and answers, which are everywhere: `wipes` of the broker;
    `makes_topics`, the broker makes a missing topic by itself; `hides`, its ends do not show what a topic lost;
    `restarts`, products-ms forgets; `keeps_position`, a wipe leaves the reader where it was; `loses`, a single snapshot
    is lost.
    """

    lines: tuple[tuple[int, ...], ...] = ()
    wishes: tuple[int, ...] = ()
    placed: bool = False
    requests: int = 1
    stock: tuple[int, ...] = (1,)
    restocks: tuple[tuple[int, int], ...] = ()
    replicas: int = 1
    chunk: int = 1
    told: bool = True
    tellings: int = 1
    keepers: int = 1
    wipes: int = 0
    makes_topics: bool = False
    hides: bool = False
    restarts: bool = False
    keeps_position: bool = False
    loses: bool = False
    tidy: bool = False
    without: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        assert self.without <= NAMES, self.without - NAMES

    def keeps(self, rule: str) -> bool:
        """Whether the protocol of this world has the rule."""
        return rule not in self.without

    def start(self) -> State:
        """A shop whose products nobody was told of, on an empty broker."""
        shelves = tuple((1, pieces) for pieces in self.stock)
        products = frozenset(range(len(self.stock)))
        return State(
            orders=(PENDING if self.placed else ABSENT,) * len(self.lines),
            copy=tuple((0, 0) for _ in self.stock),
            requests=(0,) * len(set(self.wishes)),
            asking=frozenset(range(len(self.lines)) if self.placed else ()),
            questions=frozenset(),
            answers=frozenset(),
            ledger=((),) * len(self.lines),
            stock=shelves,
            due=products if self.told else frozenset(),
            restocked=frozenset(),
            chunks=(),
            tellings=(),
            keepers=(Keeper(),) * (self.keepers if self.told else 0),
            topic=False,
            log=frozenset(),
            old_position=False,
            wipes=0,
        )
