"""Short runs of the harness; `make faults` makes long ones."""

from pathlib import Path

import pytest
from local_stack.profile import Broker

from tests.faults.checks import violations
from tests.faults.cluster import Cluster
from tests.faults.report import text
from tests.faults.run import run_on

SECONDS = 30
SEEDS = [7, 11]


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_strikes_the_stock_stays_right(real_broker: Broker, seed: int, tmp_path: Path) -> None:
    evidence = run_on(Cluster(tmp_path, real_broker), seed, SECONDS)
    print(text(evidence, seed))
    assert not any(violations(evidence).values())
    assert sum(evidence.story.kills.values()) > 5
    assert len(evidence.stored.orders) > 100
