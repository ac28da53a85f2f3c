"""Programs under one supervisor: started together, healed, signalled one by one, and stopped in order."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from local_stack import health, supervision
from local_stack.client import Supervisor
from local_stack.errors import AlreadyRunningError, PortTakenError, StackError
from local_stack.ports import is_free
from local_stack.program import Program


def socket_path(base_port: int) -> Path:
    """Where the supervisor listens. A socket's path may have 107 characters at most, so it can't be in the stack's
    folder, which may be anywhere."""
    return Path(tempfile.gettempdir()) / f"shop-{os.getuid()}-{base_port}.sock"


class Supervised:
    """Use it with `with`: inside, every program is healthy; after, gone.

    `folder` keeps data, keys, logs and records between runs.
    """

    def __init__(self, folder: Path, socket: Path, programs: Iterable[Program]) -> None:
        self.folder = folder
        self.programs = {program.name: program for program in programs}
        self._socket = socket
        self._supervisor = Supervisor(socket, {name: program.group for name, program in self.programs.items()})
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start, and return when all is healthy. Raises StackError, with everything stopped again, if that fails."""
        if supervisor := supervision.running(self.folder):
            raise AlreadyRunningError(supervisor.pid)
        supervision.stop(self.folder)
        for program in self.programs.values():
            if program.port and not is_free(program.port):
                raise PortTakenError(program.port, program.name)
        try:
            self._start()
            self.wait_healthy()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop everything: services, then the broker, then the databases. Does nothing if nothing runs."""
        if self._process:
            # Its script may not have recorded it yet.
            self._process.terminate()
        supervision.stop(self.folder)
        if self._process:
            self._process.wait()
            # A killed supervisor leaves it behind.
            self._socket.unlink(missing_ok=True)

    def wait(self) -> int:
        """Return when the supervisor ends, with its exit code; negative if a signal killed it."""
        assert self._process
        return self._process.wait()

    def wait_healthy(self, seconds: float = 120) -> None:
        """Return when every program can do its work. Raises StackError, with the log of the one that can't."""
        for program in self.programs.values():
            try:
                health.wait_until_healthy(program, seconds, alive=lambda: not self._process or not self._process.poll())
            except TimeoutError as error:
                raise StackError(f"{program.name}: {error}\n\n{self.log_text(program.name)[-3000:]}") from None

    def pid(self, name: str) -> int:
        """The process id of a program; 0 while it does not run."""
        return self._supervisor.pid(name)

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to a program. After SIGKILL the process is gone when this returns."""
        pid = self.pid(name)
        if not pid:
            raise StackError(f"{name} does not run")
        os.kill(pid, number)
        while number == signal.SIGKILL and self.pid(name) == pid:
            time.sleep(0.01)

    def stop_process(self, name: str) -> None:
        """Stop a program. It stays down until it is started again."""
        self._supervisor.stop(name)

    def start_process(self, name: str) -> None:
        """Start a stopped program."""
        self._supervisor.start(name)

    def log_text(self, name: str) -> str:
        """What a program has said so far."""
        log = self.programs[name].log(self.folder)
        return log.read_text(errors="replace") if log.exists() else ""

    def _start(self) -> None:
        for part in ("data", "logs", "run", "keys"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        (self.folder / "keys").chmod(0o700)
        for program in self.programs.values():
            program.write(self.folder)
        self._process = supervision.start(self.programs.values(), self.folder, self._socket)
