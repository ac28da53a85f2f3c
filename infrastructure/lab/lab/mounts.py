"""The mounts that containers leave in a folder."""

from pathlib import Path

from lab.commands import run, works


def under(folder: Path) -> list[str]:
    """Where something is mounted inside the folder, in the order it was."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return [point for line in lines if (point := line.split()[4]).startswith(f"{folder}/")]


def remove(folder: Path) -> None:
    """Take them away, so that the folder can be."""
    for mount in reversed(under(folder)):
        if not works(["umount", mount]):
            run(["umount", "--lazy", mount])
