"""The protocol holds in every small world, and without any one of its rules a check fails: the one that is named."""

from collections.abc import Callable

import pytest

from tests.model import runs
from tests.model.explore import explore
from tests.model.runs import Run

LETHAL = (*runs.ABLATIONS, *runs.NEEDS_THE_LAP)


@pytest.mark.parametrize("run", runs.SMALL, ids=lambda run: run.name)
def test_the_protocol_holds(run: Run) -> None:
    result = explore(run.world)
    assert (str(result), result.states, result.edges) == ("HOLDS", *run.size), result.story


@pytest.mark.parametrize("run", LETHAL, ids=lambda run: run.name)
def test_what_is_missing_is_found(run: Run, noticed: Callable[[str, str], None]) -> None:
    result = explore(run.world, run.watched)
    assert str(result) == run.verdict, result.story
    noticed(run.name.removeprefix("without: "), f"model      {result}")


def test_every_check_catches_something() -> None:
    caught = {run.verdict.split()[1] for run in runs.ABLATIONS}
    assert caught == {"S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "L1", "L2", "L3"}
