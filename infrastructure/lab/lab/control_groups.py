"""The control groups of the cluster's pods, under one of our own in every hierarchy."""

from contextlib import suppress
from pathlib import Path

CGROUP = "shop-lab"
_TOP = Path("/sys/fs/cgroup")
_UNIFIED = _TOP / "cgroup.subtree_control"


def make() -> None:
    """Have the one that the kubelet puts all others into: it makes those, but not this."""
    if _UNIFIED.exists():
        _UNIFIED.write_text("+cpuset +cpu +memory +pids")
    for hierarchy in _hierarchies():
        (hierarchy / CGROUP).mkdir(exist_ok=True)


def all_of_them() -> list[Path]:
    """The one that `make` made and all in it, in every hierarchy."""
    tops = [top for hierarchy in _hierarchies() if (top := hierarchy / CGROUP).exists()]
    return [group for top in tops for group in (top, *(path for path in top.rglob("*") if path.is_dir()))]


def processes() -> set[int]:
    """Every process of every pod."""
    pids: set[int] = set()
    for group in all_of_them():
        with suppress(OSError):
            pids |= {int(pid) for pid in (group / "cgroup.procs").read_text().split()}
    return pids


def remove() -> None:
    """Take them away. One that still has a process stays."""
    for group in sorted(all_of_them(), reverse=True):  # the inner ones first
        with suppress(OSError):
            group.rmdir()


def _hierarchies() -> list[Path]:
    """One in all where control groups have version 2, and one for each controller in version 1."""
    if _UNIFIED.exists():
        return [_TOP]
    return [path for path in _TOP.iterdir() if path.is_dir() and not path.is_symlink()]
