"""What a test needs of the machine, and what happens without."""

import os

import pytest


def needed(lacking: str | None) -> None:
    """Leave out a test that needs what the machine lacks, and say what that is: nobody can install it for its owner.
    In CI nothing is left out: there the test goes on, and fails."""
    if lacking and os.environ.get("CI") != "true":
        pytest.skip(lacking)
