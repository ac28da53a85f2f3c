"""Breadth-first search of a world, to its last state: what is found first is found by the shortest way.

Safety is looked at in each state and on each step. Liveness: the calm steps alone, over all states that any accident
can lead to, have no cycle, and where they end everything is settled. So from wherever accidents left the shop, it
settles as soon as there are no more.
"""

import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from tests.model import checks, orders, snapshots, stock, topics
from tests.model.calm import on_a_cycle
from tests.model.state import FINAL, State, Step
from tests.model.world import World


@dataclass(frozen=True)
class Result:
    """`verdict` is HOLDS, UNSAFE or STUCK; `check` the one that failed, and `story` the steps that lead there."""

    verdict: str
    check: str
    states: int
    edges: int
    seconds: float
    story: Sequence[str] = ()

    def __str__(self) -> str:
        return f"{self.verdict} {self.check}".strip()


def explore(w: World, watched: Sequence[str] = ()) -> Result:
    """Search `w`. If `watched` names checks, the others are not looked at."""
    return Search(w, watched).run()


def steps(w: World, s: State) -> Iterator[Step]:
    """All that may happen next."""
    told = (snapshots.steps(w, s), topics.steps(w, s)) if w.told else ()
    return chain(orders.steps(w, s), stock.steps(w, s), *told)


def tidied(s: State) -> State:
    """Without messages that can't change anything any more, since the order is final or the copy has as much or more.

    Exact while there are a ledger and both guards; it makes large worlds several times smaller.
    """
    if s.log and (old := [m for m in s.log if m[1] <= s.copy[m[0]][0]]):
        s = s._replace(log=s.log.difference(old))
    if final := [order for order, status in enumerate(s.orders) if status in FINAL]:
        answers = frozenset(a for a in s.answers if a[0] not in final)
        s = s._replace(asking=s.asking.difference(final), questions=s.questions.difference(final), answers=answers)
    return s


class Search:
    def __init__(self, w: World, watched: Sequence[str]):
        self.w = w
        self.on_states = [check for check in checks.STATES if not watched or checks.name(check) in watched]
        self.on_steps = [check for check in checks.STEPS if not watched or checks.name(check) in watched]
        self.at_ends = [check for check in checks.ENDS if not watched or checks.name(check) in watched]
        self.states = [w.start()]
        self.number = {self.states[0]: 0}
        self.parent = array("i", [-1])
        self.calm_from, self.calm_to = array("i"), array("i")
        self.edges = 0
        self.began = time.perf_counter()

    def run(self) -> Result:
        shared: dict[Any, Any] = {}
        at = 0
        while at < len(self.states):
            s, ends = self.states[at], True
            for label, t, calm in steps(self.w, s):
                t = tidied(t) if self.w.tidy else t
                if t == s:
                    continue
                self.edges += 1
                if failed := failing(self.on_steps, s, t):
                    return self.result("UNSAFE", failed, at, label)
                there = self.number.get(t)
                if there is None:
                    if failed := failing(self.on_states, self.w, t):
                        return self.result("UNSAFE", failed, at, label)
                    there = len(self.states)
                    t = State(*map(shared.setdefault, t, t))
                    self.number[t] = there
                    self.states.append(t)
                    self.parent.append(at)
                if calm:
                    ends = False
                    self.calm_from.append(at)
                    self.calm_to.append(there)
            if ends and (failed := failing(self.at_ends, self.w, s)):
                return self.result("STUCK", failed, at)
            at += 1
        cycle = on_a_cycle(len(self.states), self.calm_from, self.calm_to)
        if cycle:
            always = [check for check in self.at_ends if all(check(self.w, self.states[at]) for at in cycle)]
            return self.result(
                "STUCK", checks.name(always[0]) if always else "for ever", cycle[0], "and so on for ever"
            )
        return self.result("HOLDS")

    def result(self, verdict: str, check: str = "", at: int = 0, last: str = "") -> Result:
        story = [last] if last else []
        while at:
            before = self.parent[at]
            story.append(next(label for label, t, _ in steps(self.w, self.states[before]) if t == self.states[at]))
            at = before
        seconds = time.perf_counter() - self.began
        return Result(verdict, check, len(self.states), self.edges, seconds, story[::-1])


def failing(group: Sequence[Callable[..., bool]], *what: object) -> str:
    """The short name of the first check that fails."""
    for check in group:
        if check(*what):
            return checks.name(check)
    return ""
