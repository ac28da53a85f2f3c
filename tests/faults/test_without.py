"""The harness finds what it is there to find: without a guarantee, the check that it upholds is violated."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.checks import violations
from tests.faults.cluster import Cluster
from tests.faults.nemesis import Nemesis
from tests.faults.quiet import PATIENCE
from tests.faults.report import text
from tests.faults.run import run_on

KILLS = 6
"""Of each database. Each loses what was committed in the last moments, if anything was."""
LOSSES = {"S3", "S5", "S6"}
"""What shows it: products-db lost a decision, which is made again, or orders-db an order or its status. Which of them
was writing when it was killed is chance."""
BRIEFLY = 10.0
"""What was lost does not come back."""
LONG_ENOUGH = 35.0
"""Longer than L1 allows, and shorter than the database waits for who is gone."""


class KillsDatabases(Nemesis):
    """Nothing but kill -9 of the databases of orders and products in turn."""

    async def run(self, seconds: float) -> None:
        for name in ("orders-db", "products-db") * KILLS:
            await asyncio.sleep(seconds / (2 * KILLS))
            await self._kill_now(name)


class KillsDeciding(Nemesis):
    """Has a products-ms die in the middle of a transaction, once."""

    async def run(self, seconds: float) -> None:
        await asyncio.to_thread(have_one_die, self._cluster.folder / "die")


class KillsBoth(KillsDatabases):
    """One after the other."""

    async def run(self, seconds: float) -> None:
        await super().run(seconds)
        await asyncio.to_thread(have_one_die, self._cluster.folder / "die")


def have_one_die(order: Path) -> None:
    order.touch()
    while order.exists():
        time.sleep(0.1)


def violated(cluster: Cluster, seconds: float, kind: type[Nemesis], patience: float = PATIENCE) -> set[str]:
    evidence = run_on(cluster, 1, seconds, kind, patience)
    print(text(evidence, 1))
    return {name for name, found in violations(evidence).items() if found}


def test_without_durable_writes(tmp_path: Path, noticed: Callable[[str, str], None]) -> None:
    found = violated(Cluster(tmp_path, "embedded", durable=False), 12, KillsDatabases, BRIEFLY)
    assert found & LOSSES
    noticed("durable writes", f"faults     {' '.join(sorted(found))}")


def test_without_fencing(tmp_path: Path, noticed: Callable[[str, str], None]) -> None:
    extra = {"SHOP_DIE_DECIDING": str(tmp_path / "die"), "SHOP_WITHOUT_FENCING": "1"}
    found = violated(Cluster(tmp_path, "embedded", extra), 0, KillsDeciding, LONG_ENOUGH)
    assert "L1" in found
    noticed("fencing of orphaned transactions", f"faults     {' '.join(sorted(found))}")


def test_with_both(tmp_path: Path) -> None:
    extra = {"SHOP_DIE_DECIDING": str(tmp_path / "die")}
    assert violated(Cluster(tmp_path, "embedded", extra), 12, KillsBoth) == set()
