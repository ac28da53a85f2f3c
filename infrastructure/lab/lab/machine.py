"""What the lab needs of the machine beyond what is fetched into the cache."""

import os
import platform
import shutil
from contextlib import suppress
from pathlib import Path

from lab.commands import run

RELEASE = "bookworm"
"""The Debian release whose packages the lab knows."""

_PACKAGES = {"nft": "nftables"}
_SEARCHED = f"{os.environ['PATH']}:/usr/sbin:/sbin"


def is_ci() -> bool:
    """Whether nothing may be left out, and what is missing may be installed."""
    return os.environ.get("CI") == "true"


def lacking(what: str, *tools: str) -> str | None:
    """Why this machine can't run `what` of its own, in words; None if it can. In CI the `tools` that are missing are
    installed first."""
    if os.geteuid() != 0:
        return f"only root can run {what}"
    if platform.freedesktop_os_release().get("VERSION_CODENAME") != RELEASE or platform.machine() != "x86_64":
        return f"{what} can only be unpacked on Debian {RELEASE}, x86_64"
    if not os.access("/sys/fs/cgroup", os.W_OK):
        return f"this machine has no control groups for {what}"
    missing = [_PACKAGES.get(tool, tool) for tool in tools if shutil.which(tool, path=_SEARCHED) is None]
    if missing and is_ci():
        _install(missing)
        return None
    return f"{what} needs more: apt-get install {' '.join(missing)}" if missing else None


def runs(program: str) -> bool:
    """Whether a process of this name runs on the machine."""
    for name in Path("/proc").glob("[0-9]*/comm"):
        with suppress(OSError):  # ended by now
            if name.read_text().strip() == program:
                return True
    return False


def _install(packages: list[str]) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], env=env)
    run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], env=env)
