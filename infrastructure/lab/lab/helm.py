"""Helm, built from its source, and what it makes of a chart."""

from collections.abc import Mapping
from pathlib import Path

from lab import go_tools
from lab.commands import run

_VERSION = "v3.22.0"
KUBERNETES = "1.34.4"
"""The version for which a chart is rendered where no cluster is asked."""


def lacking() -> str | None:
    """Why there can be no Helm on this machine, in words; None if there can."""
    return go_tools.lacking()


def program() -> Path:
    """Helm itself. Raises LabError if it can't be built."""
    return go_tools.installed("helm.sh/helm/v3/cmd/helm", _VERSION)


def helm(*words: str | Path, env: Mapping[str, str] | None = None, seconds: float = 600) -> str:
    """What this helm command printed. Raises LabError with the end of its output if it fails."""
    return run([program(), *words], env=env, seconds=seconds)
