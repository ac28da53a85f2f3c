"""What a test needs of the machine, and what happens without."""

import os

import pytest


def needed(lacking: str | None) -> None:
    """Leave out a test that needs what the machine lacks, and say what that is: nobody can install it for its owner.
    In CI nothing is left out: there the test goes on, and fails."""
    if lacking and not _is_ci():
        pytest.skip(lacking)


def needs(lacking: str | None, consequence: str) -> pytest.MarkDecorator:
    """The same as a mark, known before fixtures are made; `consequence` is what is not done without."""
    return pytest.mark.skipif(bool(lacking) and not _is_ci(), reason=f"{consequence}: {lacking}")


def _is_ci() -> bool:
    return os.environ.get("CI") == "true"
