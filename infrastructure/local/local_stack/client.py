"""Speaking to the supervisor through its socket."""

from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

from supervisor.xmlrpc import Faults, SupervisorTransport


class Supervisor:
    """Speaks to a running supervisor through its socket. Programs go by their names."""

    def __init__(self, socket: Path, groups: dict[str, str]) -> None:
        """`groups` says in which group each program is."""
        self._url = f"unix://{socket}"
        self._groups = groups

    def pid(self, name: str) -> int:
        """The process id of a program; 0 while it does not run."""
        return int(self._call("getProcessInfo", name)["pid"])

    def stop(self, name: str) -> None:
        """Stop a program and wait until it has. It stays stopped until started."""
        try:
            self._call("stopProcess", name)
        except Fault as fault:
            if fault.faultCode != Faults.NOT_RUNNING:
                raise

    def start(self, name: str) -> None:
        """Start a stopped program and wait until it runs. Once it failed it is tried again without end."""
        try:
            self._call("startProcess", name)
        except Fault as fault:
            if fault.faultCode not in (Faults.ALREADY_STARTED, Faults.ABNORMAL_TERMINATION, Faults.SPAWN_ERROR):
                raise

    def _call(self, method: str, name: str) -> Any:
        # A proxy must not be shared by threads, and costs little.
        with ServerProxy("http://supervisor", transport=SupervisorTransport(None, None, self._url)) as proxy:
            return getattr(proxy.supervisor, method)(f"{self._groups[name]}:{name}")
