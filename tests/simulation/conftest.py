"""Every test here runs the services against the simulation's clients and clock."""

from collections.abc import Iterator

import pytest

from tests.simulation.boundary import simulated


@pytest.fixture
def world() -> Iterator[None]:
    with simulated():
        yield
