"""The servers that tests speak to."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
from gateway_testing import Stack


@pytest.fixture(scope="session")
def _stack() -> Iterator[Stack]:
    stack = Stack()
    yield stack
    stack.stop()


@pytest.fixture
def stack(_stack: Stack) -> Iterator[Stack]:
    yield _stack
    _stack.reset()
