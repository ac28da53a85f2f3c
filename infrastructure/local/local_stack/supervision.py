"""The supervisor: its configuration, its start and its end."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from local_stack.layout import GROUPS
from local_stack.processes import MARK, Process, end, end_recorded
from local_stack.program import Program

_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "TZ", "JAVA_HOME")
_SECONDS_TO_STOP = 75
"""Each group of programs has 15 seconds to stop, and they stop one after the other."""


def start(programs: Iterable[Program], folder: Path, socket: Path) -> subprocess.Popen[bytes]:
    """Start the supervisor, which starts the programs. It answers on `socket` once it runs."""
    settings = folder / "run" / "supervisord.conf"
    settings.write_text(configuration(programs, folder, socket))
    itself = Program("supervisor", "supervisor", [sys.executable, "-m", "supervisor.supervisord", "-c", str(settings)])
    itself.write(folder)
    # What else is set in the caller's shell is not the shop's: it must run the same wherever it is started.
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    script = itself.script(folder)
    with itself.log(folder).open("wb") as output:
        return subprocess.Popen(
            ["/bin/sh", str(script)],
            env=environment | {MARK: str(script)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # Ctrl-C is for the one who started the shop, and who then stops the programs in order.
            start_new_session=True,
        )


def running(folder: Path) -> Process | None:
    """The supervisor of this folder, if it runs."""
    process = Process.recorded(folder / "run" / "supervisor" / "supervisor.sh")
    return process if process and process.alive() else None


def stop(folder: Path) -> bool:
    """Stop the supervisor, which stops its programs, and end what a killed one has left. Whether anything ran."""
    supervisor = running(folder)
    if supervisor:
        end([supervisor], _SECONDS_TO_STOP)
    return end_recorded(folder, reversed(GROUPS)) > 0 or supervisor is not None


def configuration(programs: Iterable[Program], folder: Path, socket: Path) -> str:
    """The supervisor's configuration file: everything that dies is started again, for ever, and groups stop in the
    opposite order of their start."""
    logs = folder / "logs"
    sections = [
        f"[unix_http_server]\nfile={_escape(socket)}",
        "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
        f"[supervisord]\nnodaemon=true\nsilent=true\npidfile={_escape(folder / 'run' / 'supervisord.pid')}\n"
        f"logfile={_escape(logs / 'supervisor.log')}\nlogfile_maxbytes=10MB\nlogfile_backups=1",
    ]
    running = list(programs)
    for priority, group in enumerate(GROUPS):
        names = [program.name for program in running if program.group == group]
        if names:
            sections.append(f"[group:{group}]\nprograms={','.join(names)}\npriority={priority}")
    sections += [_section(program, folder) for program in running]
    return "\n\n".join(sections) + "\n"


def _section(program: Program, folder: Path) -> str:
    script = program.script(folder)
    return "\n".join(
        [
            f"[program:{program.name}]",
            f"command=/bin/sh {_escape(shlex.quote(str(script)))}",
            f'environment={MARK}="{_escape(script)}"',
            f"directory={_escape(folder)}",
            f"stdout_logfile={_escape(program.log(folder))}",
            "redirect_stderr=true\nstdout_logfile_maxbytes=10MB\nstdout_logfile_backups=1",
            # A dependency may be down for any time: nothing ever gives up.
            "autorestart=true\nstartretries=1000000000\nstopwaitsecs=15\nkillasgroup=true",
        ]
    )


def _escape(text: Path | str) -> str:
    return str(text).replace("%", "%%")
