"""A stack to break, and what is left of one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from local_stack.ports import free_ports
from local_stack.processes import Process
from local_stack.stack import Stack


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """Two databases and a broker, not started yet; nothing of them is left after the test."""
    stack = Stack(tmp_path / "shop", free_ports(10), only={"products-db", "orders-db", "broker"})
    yield stack
    stack.stop()


@pytest.fixture
def alive() -> Callable[[Path], set[str]]:
    """The names of the recorded processes of a stack that still run, given its folder."""

    def names(folder: Path) -> set[str]:
        scripts = (folder / "run").glob("*/*.sh")
        return {script.stem for script in scripts if (process := Process.recorded(script)) and process.alive()}

    return names
