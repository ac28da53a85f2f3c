"""Processes as recorded by the scripts that started them: is it still the same one, and its end.

A process id alone may belong to someone else by now. So a process counts as ours only if it also started at the
recorded time and carries the path of its script in its environment.
"""

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MARK = "SHOP_SCRIPT"
"""The variable that names a process's script."""


def _stat(text: str) -> tuple[int, str, str]:
    """Process id, state and start time out of a line of /proc/PID/stat; the name between may hold anything."""
    before, _, after = text.rpartition(")")
    fields = after.split()
    return int(before.split()[0]), fields[0], fields[19]


@dataclass(frozen=True)
class Process:
    """A recorded process."""

    pid: int
    started: str
    script: Path

    @classmethod
    def recorded(cls, script: Path) -> "Process | None":
        """The process that this script became last, if it ever ran."""
        try:
            pid, _, started = _stat(script.with_suffix(".stat").read_text())
        except (OSError, ValueError, IndexError):
            return None
        return cls(pid, started, script)

    def gone(self) -> bool:
        """Whether the recorded process has ended."""
        try:
            _, state, started = _stat(Path(f"/proc/{self.pid}/stat").read_text())
        except OSError:
            return True
        return state == "Z" or started != self.started

    def alive(self) -> bool:
        """Whether the recorded process still runs. False if its id now belongs to another one."""
        try:
            environment = Path(f"/proc/{self.pid}/environ").read_bytes().split(b"\0")
        except OSError:
            return False
        return not self.gone() and f"{MARK}={self.script}".encode() in environment

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if the process still runs."""
        if self.alive():
            os.kill(self.pid, number)


def wait_gone(processes: Iterable[Process], seconds: float) -> bool:
    """Whether all of them ended within so many seconds."""
    deadline = time.monotonic() + seconds
    waiting = list(processes)
    while waiting and time.monotonic() < deadline:
        waiting = [process for process in waiting if not process.gone()]
        time.sleep(0.02 if waiting else 0)
    return not waiting


def end(processes: list[Process], seconds: float = 15) -> None:
    """Ask them all to stop, and kill those that have not after so many seconds."""
    for process in processes:
        process.signal(signal.SIGTERM)
    if not wait_gone(processes, seconds):
        for process in processes:
            process.signal(signal.SIGKILL)
        wait_gone(processes, seconds)


def end_recorded(folder: Path, groups: Iterable[str]) -> int:
    """End what earlier scripts in `folder/run` started and nobody stopped, one group after the other.

    Returns how many there were.
    """
    ended = 0
    for group in groups:
        scripts = sorted((folder / "run" / group).glob("*.sh"))
        alive = [process for script in scripts if (process := Process.recorded(script)) and process.alive()]
        end(alive)
        ended += len(alive)
    return ended
