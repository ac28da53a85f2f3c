"""Debian packages, unpacked beside the system instead of installed into it."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from lab.commands import run
from lab.errors import LabError
from lab.layout import CACHE
from lab.machine import RELEASE

_SOURCES = Path("/etc/apt/sources.list.d/debian.sources")


def unpacked(release: str, packages: Sequence[str]) -> Path:
    """The folder that holds these packages of a Debian release, fetched from where this machine's own come from."""
    folder = CACHE / f"debs-{release}"
    complete = folder / "complete"
    wanted = " ".join(packages)
    if complete.exists() and complete.read_text() == wanted:
        return folder
    if not _SOURCES.exists():
        raise LabError(f"{_SOURCES} is missing: it says where Debian's packages come from")
    shutil.rmtree(folder, ignore_errors=True)
    apt = folder / "apt"
    for part in ("sources", "lists/partial", "archives/partial"):
        (apt / part).mkdir(parents=True)
    (apt / "sources" / _SOURCES.name).write_text(_SOURCES.read_text().replace(RELEASE, release))
    settings = {
        "Dir::Etc::SourceList": "/dev/null",
        "Dir::Etc::SourceParts": apt / "sources",
        "Dir::State::Lists": apt / "lists",
        "Dir::Cache::Archives": apt / "archives",
        "APT::Sandbox::User": "root",
    }
    options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
    run(["apt-get", "-qq", *options, "update"])
    run(["apt-get", "-qq", *options, "download", *packages], cwd=apt)
    for deb in apt.glob("*.deb"):
        run(["dpkg-deb", "-x", deb, folder])
    shutil.rmtree(apt)
    complete.write_text(wanted)
    return folder
