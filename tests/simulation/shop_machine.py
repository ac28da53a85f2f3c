"""What all machines have in common: a shop, moves that Hypothesis chooses, and healing after the last of them."""

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.simulation.simulation import Simulation

F = TypeVar("F", bound=Callable[..., None])
Move = tuple[str, dict[str, Any]]
"""A move's name, and its arguments."""

DEATHS = [
    f"dies after: {call}"
    for call in ("insert", "write", "update", "commit a transaction", "send", "fetch", "commit offsets")
]
WAYS = st.sampled_from(["goes on"] * 5 + ["is slow"] + DEATHS)
MOST_CALLS = 15


def move(**arguments: st.SearchStrategy[Any]) -> Callable[[F], F]:
    """Makes a method of a machine one of its moves."""

    def mark(method: F) -> F:
        method.arguments = arguments  # type: ignore[attr-defined]
        return method

    return mark


@cache
def _moves(machine: type["Shop"]) -> st.SearchStrategy[Move]:
    found: list[st.SearchStrategy[Move]] = [
        st.tuples(st.just(name), st.fixed_dictionaries(method.arguments))
        for name, method in inspect.getmembers(machine)
        if hasattr(method, "arguments")
    ]
    return st.one_of(found)


class Shop(RuleBasedStateMachine):
    """One rule for all moves: of many rules Hypothesis leaves most out of each run, which would seldom keep the few
    that must come together here.

    `way` is how a replica goes on: it makes no call yet, or its calls, or it dies when the first of a kind has
    happened, before it hears of it. (To die before a call is to die after the one before.)
    """

    simulation: Simulation

    @initialize(topics_make_themselves=st.sampled_from((False, False, True)))
    def open(self, topics_make_themselves: bool) -> None:
        self.simulation = Simulation(auto_create=topics_make_themselves)

    @rule(data=st.data())
    def step(self, data: st.DataObject) -> None:
        name, arguments = data.draw(_moves(type(self)))
        getattr(self, name)(**arguments)

    def go_on(self, number: int, way: str) -> None:
        world, process = self.simulation.world, self.simulation.replicas[number].process
        last = way.partition(": ")[2]
        for _ in range(0 if way == "is slow" else MOST_CALLS):
            if not (waiting := world.waiting(process)):
                return
            if last and waiting[0].what.startswith(last):
                world.perform(waiting[0], answered=False)
                self.simulation.crash(number)
                return
            world.perform(waiting[0])

    def teardown(self) -> None:
        if hasattr(self, "simulation"):
            try:
                if not self.simulation.safety.violated:
                    self.simulation.heal()
            finally:
                self.simulation.world.end()
