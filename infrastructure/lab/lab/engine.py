"""A Docker engine with buildx and compose: the one that answers already, or else one of our own."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab import debs, firewall, machine, mounts
from lab.commands import end_of, run, start, stop, works
from lab.errors import LabError
from lab.layout import CACHE, ROOT

_RELEASE = "trixie"
"""Its engine's BuildKit knows heredocs and cache mounts; the machine's release has an older one."""
_PACKAGES = ("docker.io", "docker-cli", "docker-buildx", "docker-compose", "containerd", "tini")
_HOME = CACHE / "docker"
_SOCKET = _HOME / "sock"


@dataclass(frozen=True)
class Engine:
    """`env` is for everything that speaks to the engine: `docker` with its plugins is on its PATH."""

    env: Mapping[str, str]

    def docker(self, *words: str | Path, stdin: str | None = None, cwd: Path = ROOT, seconds: float = 900) -> str:
        """What this docker command printed. Raises LabError with the end of its output if it fails."""
        return run(["docker", *words], env=self.env, stdin=stdin, cwd=cwd, seconds=seconds)


def lacking() -> str | None:
    """Why there can be no engine on this machine, in words; None if there can."""
    if not works(["docker", "info"]):
        if host := os.environ.get("DOCKER_HOST"):
            return f"no engine answers at DOCKER_HOST={host}"
        if machine.runs("dockerd"):
            return "an engine runs that does not answer this user, and a second one would take its bridge"
    elif _has_plugins():
        return None
    return machine.lacking("a Docker engine", "runc", "iptables", "mmdebstrap")


def left_behind() -> list[str]:
    """What is still on the machine of an engine of our own that has ended, in words."""
    return [f"mount {mount}" for mount in mounts.under(_HOME)]


@contextmanager
def running() -> Iterator[Engine]:
    """An engine that answers. Only one that was started here is stopped in the end; what it holds stays in the cache.

    Raises LabError if it does not start."""
    if reason := lacking():
        raise LabError(reason)
    answers = works(["docker", "info"])
    env = dict(os.environ) if answers and _has_plugins() else _client()
    if answers:
        yield Engine(env)
        return
    env["DOCKER_HOST"] = f"unix://{_SOCKET}"
    forwarding = run(["/usr/sbin/iptables", "-S", "FORWARD"]).splitlines()[0]
    process = start(_daemon(), _HOME / "log", env)
    try:
        deadline = time.monotonic() + 30
        while not works(["docker", "info"], env):
            if process.poll() is not None or time.monotonic() > deadline:
                raise LabError(f"dockerd does not start:\n{end_of(_HOME / 'log')}")
            time.sleep(0.1)
        yield Engine(env)
    finally:
        stop(process)
        mounts.remove(_HOME)
        run(["/usr/sbin/iptables", *forwarding.split()])
        firewall.forget("docker")
        if Path("/sys/class/net/docker0").exists():
            run(["/usr/sbin/ip", "link", "delete", "docker0"])


def _has_plugins() -> bool:
    return works(["docker", "compose", "version"]) and works(["docker", "buildx", "version"])


def unpacked() -> Path:
    """The folder of the engine's own programs, containerd among them."""
    return debs.unpacked(_RELEASE, _PACKAGES)


def _client() -> dict[str, str]:
    usr = unpacked() / "usr"
    config = _HOME / "config"
    config.mkdir(parents=True, exist_ok=True)
    plugins = usr / "libexec" / "docker" / "cli-plugins"
    (config / "config.json").write_text(f'{{"cliPluginsExtraDirs": ["{plugins}"]}}\n')
    path = [usr / "bin", usr / "sbin", usr / "libexec" / "docker", os.environ["PATH"], "/usr/sbin"]
    return {**os.environ, "PATH": ":".join(map(str, path)), "DOCKER_CONFIG": str(config)}


def _daemon() -> list[str | Path]:
    # nice: what it builds shares the machine with the tests.
    settings = {
        "--data-root": _HOME / "data",
        "--exec-root": _HOME / "exec",
        "--pidfile": _HOME / "pid",
        "--host": f"unix://{_SOCKET}",
    }
    return ["nice", "dockerd", *(word for pair in settings.items() for word in map(str, pair))]
