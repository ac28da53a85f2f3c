"""What the programs of a stack are, and what memory they take."""

from collections.abc import Mapping
from pathlib import Path

from local_stack.stack import Stack

SERVICES = ("gateway-ms", "authentication-ms", "products-ms", "orders-ms")
GROWTH = 0.2
"""By how much a service may be larger at the end than in the middle."""


def processes(stack: Stack) -> dict[str, int]:
    """The process id of every program."""
    return {name: stack.pid(name) for name in stack.programs}


def died(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    """The programs that are not the processes they were."""
    return [f"{name} died: {pid} is {after[name]} now" for name, pid in before.items() if after[name] != pid]


def megabytes(pids: Mapping[str, int]) -> dict[str, float]:
    """The proportional set size of each process."""
    return {name: _pss(pid) for name, pid in pids.items()}


def _pss(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"no PSS for process {pid}")


def grown(middle: Mapping[str, float], end: Mapping[str, float]) -> list[str]:
    """The services that grew by more than they may."""
    return [
        f"{name} grew from {middle[name]:.1f} to {end[name]:.1f} MB"
        for name in SERVICES
        if end[name] > middle[name] * (1 + GROWTH)
    ]
