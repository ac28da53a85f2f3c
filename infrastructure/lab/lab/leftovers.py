"""What a cluster leaves on the machine when its programs have ended, or were killed."""

import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

from lab import control_groups, mounts

_LOGS = Path("/var/log/containers")


def remove(folder: Path) -> None:
    """End the pods of the cluster in this folder, and take away their mounts, control groups and the folder."""
    deadline = time.monotonic() + 10
    # Of a run that was killed, an API server whose store ended first stays for long; a pod's shim always does.
    while (pids := control_groups.processes() | _processes(folder)) and time.monotonic() < deadline:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
    mounts.remove(folder)
    control_groups.remove()
    for link in _LOGS.glob("*"):
        if str(link.readlink()).startswith(str(folder)):
            link.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def found(folder: Path) -> list[str]:
    """What is still there of the cluster in this folder, in words."""
    groups = [f"control group {group}" for group in control_groups.all_of_them()]
    mounted = [f"mount {mount}" for mount in mounts.under(folder)]
    return [*groups, *mounted, *(f"process {pid}" for pid in _processes(folder))]


def _processes(folder: Path) -> set[int]:
    """Those whose command names something in the folder."""
    pids = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # ended by now
            command = (entry / "cmdline").read_bytes()
            if f"{folder}/".encode() in command:
                pids.add(int(entry.name))
    return pids
