"""Commands to wait for, and programs in the background that end with the test run."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from lab.errors import LabError
from lab.layout import ROOT

_PR_SET_PDEATHSIG = 1


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    stdin: str | None = None,
    seconds: float = 900,
) -> str:
    """What the command printed. Raises LabError with the end of its output if it fails or takes too long."""
    name = " ".join(str(word) for word in command[:3])
    try:
        done = subprocess.run(
            [str(word) for word in command],
            env=env,
            cwd=cwd,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LabError(f"{name}: no end after {seconds:.0f} s") from error
    except OSError as error:
        raise LabError(f"{name}: {error.strerror}") from error
    if done.returncode != 0:
        raise LabError(f"{name} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-4000:].strip()}")
    return done.stdout


def works(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> bool:
    """Whether the command is there and succeeds."""
    try:
        run(command, env=env, seconds=30)
    except LabError:
        return False
    return True


def start(command: Sequence[str | Path], log: Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """A program in the background. It is told to end when the test run ends, even if that is killed."""
    # Bound before the fork: what runs between fork and exec must not allocate more than it has to.
    die_with_parent = ctypes.CDLL(None, use_errno=True).prctl
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(word) for word in command],
            env=env,
            cwd=log.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(_PR_SET_PDEATHSIG, signal.SIGTERM),
        )


def stop(process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    """Ask the program to end, and kill it with all it started if it does not."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def end_of(log: Path) -> str:
    """The last lines of a log, for an error's message."""
    return log.read_text(errors="replace")[-3000:]
