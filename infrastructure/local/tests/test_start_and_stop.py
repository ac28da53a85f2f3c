"""A stack refuses to start in words, stops completely, and gets over the death of its supervisor."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from local_stack import supervision
from local_stack.errors import AlreadyRunningError, PortTakenError
from local_stack.ports import LOOPBACK, free_ports
from local_stack.processes import MARK, Process, wait_gone
from local_stack.stack import Stack

Alive = Callable[[Path], set[str]]
PROGRAMS = {"products-db", "orders-db", "broker"}


def test_a_taken_port_is_named(stack: Stack, alive: Alive) -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, stack.ports["orders-db"]))
        other.listen()
        with pytest.raises(PortTakenError, match=f"{stack.ports['orders-db']}, for orders-db.*\n.*SHOP_PORT"), stack:
            pass
    assert not alive(stack.folder)


def test_a_folder_has_one_shop(stack: Stack, alive: Alive) -> None:
    with stack:
        second = Stack(stack.folder, free_ports(10), only={"broker"})
        with pytest.raises(AlreadyRunningError, match="make down"), second:
            pass
        assert alive(stack.folder) == {"supervisor", *PROGRAMS}
    assert not alive(stack.folder)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_of_it(tmp_path: Path, alive: Alive, number: signal.Signals) -> None:
    code = (
        "import sys, pathlib; from local_stack.stack import Stack; from local_stack.__main__ import up;"
        "sys.exit(up(Stack(pathlib.Path(sys.argv[1]), int(sys.argv[2]), only={'products-db', 'orders-db', 'broker'})))"
    )
    command = [sys.executable, "-u", "-c", code, str(tmp_path), str(free_ports(10))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout
        while "Ctrl-C" not in (line := process.stdout.readline()):
            assert line, "it ended before it was ready"
        assert alive(tmp_path) == {"supervisor", *PROGRAMS}
        process.send_signal(number)
        process.send_signal(number)
        assert process.stdout.read().strip() == "The shop is stopped."
    assert process.returncode == 0
    assert not alive(tmp_path)


def test_the_next_start_ends_what_a_killed_supervisor_left(stack: Stack, tmp_path: Path, alive: Alive) -> None:
    with stack:
        orphans = [Process.recorded(program.script(stack.folder)) for program in stack.programs.values()]
        supervisor = supervision.running(stack.folder)
        assert supervisor
        supervisor.signal(signal.SIGKILL)
        wait_gone([supervisor], 10)
        assert alive(stack.folder) == PROGRAMS
        with Stack(stack.folder, free_ports(10), only=PROGRAMS):
            assert alive(stack.folder) == {"supervisor", *PROGRAMS}
            assert all(orphan and orphan.gone() for orphan in orphans)
    assert not alive(stack.folder)


def test_a_process_that_only_looks_like_ours_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "run" / "services"
    folder.mkdir(parents=True)
    script, stranger = folder / "orders-ms.sh", folder / "products-ms.sh"
    with (
        subprocess.Popen(["sleep", "60"], env=os.environ | {MARK: str(script)}) as later,
        subprocess.Popen(["sleep", "60"], env=os.environ | {MARK: "another"}) as other,
    ):
        started = Path(f"/proc/{later.pid}/stat").read_text().split()
        started[21] = str(int(started[21]) - 1)
        script.with_suffix(".stat").write_text(" ".join(started))
        stranger.with_suffix(".stat").write_text(Path(f"/proc/{other.pid}/stat").read_text())
        script.touch()
        stranger.touch()
        assert not supervision.stop(tmp_path)
        assert later.poll() is None
        assert other.poll() is None
        later.kill()
        other.kill()
