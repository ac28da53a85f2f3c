"""The harness finds what it is there to find: without a guarantee, the check that it upholds is violated."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.checks import violations
from tests.faults.cluster import Cluster
from tests.faults.nemesis import Nemesis
from tests.faults.report import text
from tests.faults.run import run_on


class KillsDatabases(Nemesis):
    """Nothing but kill -9 of the databases of orders and products in turn."""

    async def run(self, seconds: float) -> None:
        for name in ("orders-db", "products-db") * 3:
            await asyncio.sleep(seconds / 6)
            await self._kill_now(name)


class KillsDeciding(Nemesis):
    """Has a products-ms die in the middle of a transaction, once."""

    async def run(self, seconds: float) -> None:
        order = self._cluster.folder / "die"
        order.touch()
        await asyncio.to_thread(wait_gone, order)


def wait_gone(file: Path) -> None:
    while file.exists():
        time.sleep(0.1)


def violated(cluster: Cluster, seconds: float, kind: type[Nemesis]) -> set[str]:
    evidence = run_on(cluster, 1, seconds, kind)
    print(text(evidence, 1))
    return {name for name, found in violations(evidence).items() if found}


def test_without_durable_writes(tmp_path: Path, noticed: Callable[[str, str], None]) -> None:
    found = violated(Cluster(tmp_path, "embedded", durable=False), 12, KillsDatabases)
    assert "S6" in found
    noticed("durable writes", f"faults     {' '.join(sorted(found))}")


def test_with_durable_writes(tmp_path: Path) -> None:
    assert violated(Cluster(tmp_path, "embedded"), 12, KillsDatabases) == set()


def test_without_fencing(tmp_path: Path, noticed: Callable[[str, str], None]) -> None:
    extra = {"SHOP_DIE_DECIDING": str(tmp_path / "die"), "SHOP_WITHOUT_FENCING": "1"}
    found = violated(Cluster(tmp_path, "embedded", extra), 0, KillsDeciding)
    assert "L1" in found
    noticed("fencing of orphaned transactions", f"faults     {' '.join(sorted(found))}")


def test_with_fencing(tmp_path: Path) -> None:
    extra = {"SHOP_DIE_DECIDING": str(tmp_path / "die")}
    assert violated(Cluster(tmp_path, "embedded", extra), 0, KillsDeciding) == set()
