"""What a cluster leaves on the machine when its programs have ended, or were killed."""

import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

from lab import control_groups
from lab.commands import run, works

_LOGS = Path("/var/log/containers")


def remove(folder: Path) -> None:
    """End the pods of the cluster in this folder, and take away their mounts, control groups and the folder."""
    deadline = time.monotonic() + 10
    while (pids := control_groups.processes() | _shims(folder)) and time.monotonic() < deadline:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
    for mount in reversed(_mounts(folder)):
        if not works(["umount", mount]):
            run(["umount", "--lazy", mount])
    control_groups.remove()
    for link in _LOGS.glob("*"):
        if str(link.readlink()).startswith(str(folder)):
            link.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def _shims(folder: Path) -> set[int]:
    """containerd starts one for each pod; it outlives containerd."""
    pids = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (entry / "cmdline").read_bytes()
            if b"containerd-shim" in words and f"{folder}/".encode() in words:
                pids.add(int(entry.name))
    return pids


def _mounts(folder: Path) -> list[str]:
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return [point for line in lines if (point := line.split()[4]).startswith(f"{folder}/")]
