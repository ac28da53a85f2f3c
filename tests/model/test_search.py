"""The search itself: cycles, the shortest story, and that what it leaves out for size changes no verdict."""

from array import array
from dataclasses import replace

import pytest

from tests.model import runs
from tests.model.calm import on_a_cycle
from tests.model.explore import explore
from tests.model.world import World


@pytest.mark.parametrize(
    ("edges", "cycle"),
    [
        ([], []),
        ([(0, 1), (1, 2), (0, 2)], []),
        ([(0, 1), (1, 2), (2, 1), (2, 3)], [1, 2]),
        ([(1, 1)], [1]),
        ([(0, 1), (1, 0), (1, 2), (2, 3), (3, 2)], [0, 1, 2, 3]),
    ],
)
def test_cycles_are_found(edges: list[tuple[int, int]], cycle: list[int]) -> None:
    source, target = array("i", [x for x, _ in edges]), array("i", [y for _, y in edges])
    assert on_a_cycle(4, source, target) == cycle


def test_the_story_is_the_shortest() -> None:
    world = replace(runs.DECIDING, without=frozenset({"version read"}), tidy=False)
    assert list(explore(world).story) == [
        "order 0 is asked for",
        "order 1 is asked for",
        "products-ms fetches (0,)",
        "products-ms fetches (1,)",
        "products-ms reads for (0,)",
        "products-ms reads for (1,)",
        "products-ms commits (0,) as ACCEPTED",
        "products-ms commits (1,) as ACCEPTED",
    ]


@pytest.mark.parametrize("world", [replace(runs.KEYS, replicas=2), runs.KAFKA])
def test_a_tidy_world_is_smaller_and_has_the_same_verdict(world: World) -> None:
    whole, tidy = explore(replace(world, tidy=False)), explore(replace(world, tidy=True))
    assert (str(whole), str(tidy)) == ("HOLDS", "HOLDS")
    assert tidy.states < whole.states


def test_the_search_is_not_satisfied_by_a_world_in_which_nothing_happens() -> None:
    idle = World(told=True, keepers=0, tellings=0)
    result = explore(idle)
    assert (str(result), result.states) == ("STUCK L2", 1)
