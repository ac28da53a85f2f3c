"""Without any one guarantee the simulation fails, and says by which check; so it tests each of them."""

from collections.abc import Callable

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.ablations import ABLATIONS, Ablation
from tests.simulation.safety import ViolationError
from tests.simulation.searches import search


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("ablation", ABLATIONS, ids=lambda ablation: ablation.guarantee)
def test_without(ablation: Ablation, monkeypatch: pytest.MonkeyPatch, noticed: Callable[[str, str], None]) -> None:
    ablation.remove(monkeypatch)
    with pytest.raises(ViolationError) as caught:
        run_state_machine_as_test(ablation.machine, settings=search(1000))
    assert caught.value.check == ablation.caught_by
    noticed(ablation.guarantee, f"simulation {caught.value.check}")
