"""A program of the stack, and the script that starts it.

The script records which process it is about to become (its own line of /proc, with the process id and the time it
started), so that whoever comes later can end exactly this process and no other, even if nobody waits for it any more.
"""

import shlex
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Program:
    """One process to run. `prepare` is a line of shell to run before it, in the same process id; `health` the path
    on which it says whether it can work, empty if listening is enough."""

    name: str
    group: str
    command: list[str]
    port: int | None = None
    environment: dict[str, str] = field(default_factory=dict)
    prepare: str = ""
    health: str = ""

    def script(self, folder: Path) -> Path:
        """Where `write` puts the script, given the folder of the stack."""
        return folder / "run" / self.group / f"{self.name}.sh"

    def log(self, folder: Path) -> Path:
        """The file that holds what the program says."""
        return folder / "logs" / f"{self.name}.log"

    def write(self, folder: Path) -> None:
        """Write the script that starts the program."""
        script = self.script(folder)
        script.parent.mkdir(parents=True, exist_ok=True)
        lines = [
            "#!/bin/sh",
            f"cat /proc/$$/stat > {shlex.quote(str(script.with_suffix('.stat')))}",
            *(f"export {name}={shlex.quote(value)}" for name, value in sorted(self.environment.items())),
            self.prepare,
            f"exec {shlex.join(self.command)}",
        ]
        script.write_text("\n".join(line for line in lines if line) + "\n")
