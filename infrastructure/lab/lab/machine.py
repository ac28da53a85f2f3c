"""What the lab needs of the machine beyond what is fetched into the cache."""

import os
import platform
import shutil
from contextlib import suppress
from pathlib import Path

from lab.commands import run

RELEASE = "bookworm"
"""The Debian release whose packages the lab knows."""

_PACKAGES = {"runc": "runc", "iptables": "iptables", "mmdebstrap": "mmdebstrap"}
_SEARCHED = f"{os.environ['PATH']}:/usr/sbin:/sbin"


def is_ci() -> bool:
    """Whether nothing may be left out, and what is missing may be installed."""
    return os.environ.get("CI") == "true"


def lacking() -> str | None:
    """Why this machine can't run an engine or a cluster of its own, in words; None if it can. In CI what apt can bring
    is installed first."""
    if os.geteuid() != 0:
        return "only root can run an engine of its own, and none answers"
    if platform.freedesktop_os_release().get("VERSION_CODENAME") != RELEASE or platform.machine() != "x86_64":
        return f"no engine answers, and one can only be unpacked on Debian {RELEASE}"
    if not Path("/proc/self/ns/net").exists() or not os.access("/sys/fs/cgroup", os.W_OK):
        return "no engine answers, and this machine has no namespaces or cgroups for one"
    if _runs("dockerd"):
        return "an engine runs that does not answer this user, and a second would take its bridge"
    missing = [package for tool, package in _PACKAGES.items() if shutil.which(tool, path=_SEARCHED) is None]
    if missing and is_ci():
        _install(missing)
        return None
    return f"no engine answers; on Debian: apt-get install {' '.join(missing)}" if missing else None


def _runs(program: str) -> bool:
    for name in Path("/proc").glob("[0-9]*/comm"):
        with suppress(OSError):  # ended by now
            if name.read_text().strip() == program:
                return True
    return False


def _install(packages: list[str]) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], env=env)
    run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], env=env)
