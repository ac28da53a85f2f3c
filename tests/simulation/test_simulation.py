"""The shop as it is: whatever happens, nothing that must hold is broken, and it heals."""

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.machine import ShopMachine
from tests.simulation.searches import search


@pytest.mark.usefixtures("world")
def test_it_is_safe_and_heals() -> None:
    run_state_machine_as_test(ShopMachine, settings=search(150))
