"""Without any one guarantee the simulation fails, and says by which check; so it tests each of them."""

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.ablations import ABLATIONS, Ablation
from tests.simulation.safety import ViolationError
from tests.simulation.searches import search


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("ablation", ABLATIONS, ids=lambda ablation: ablation.guarantee)
def test_without(ablation: Ablation, monkeypatch: pytest.MonkeyPatch) -> None:
    ablation.remove(monkeypatch)
    with pytest.raises(ViolationError) as caught:
        run_state_machine_as_test(ablation.machine, settings=search(1000))
    print(f"without {ablation.guarantee}: {caught.value.check}")
    assert caught.value.check == ablation.caught_by
