"""The shop as it is: whatever happens, nothing that must hold is broken, and it heals."""

import pytest

from tests.simulation.machine import ShopMachine
from tests.simulation.searches import search


@pytest.mark.usefixtures("world")
def test_it_is_safe_and_heals() -> None:
    search(ShopMachine, 150)
