"""Reload on change: restarts the services whose sources changed; when a library changed, all of them.

Uvicorn's own reloader would not heal: a killed worker stays dead, and a killed reloader leaves its worker behind.
"""

import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from watchfiles import PythonFilter, watch

from local_stack.client import Supervisor
from local_stack.layout import PACKAGES, ROOT


def sources(root: Path) -> dict[Path, list[str]]:
    """The folders to watch, and the services that run what is in each."""
    own = {root / service / package: [service] for service, package in PACKAGES.items()}
    return own | {root / "libs": list(PACKAGES)}


def touched(changed: Iterable[str], watched: dict[Path, list[str]]) -> set[str]:
    """The services to restart when these files changed."""
    paths = [Path(path) for path in changed]
    return {
        service
        for folder, services in watched.items()
        if any(path.is_relative_to(folder) for path in paths)
        for service in services
    }


def main(socket: Path) -> None:
    """Watch for ever, and restart through the supervisor behind this socket."""
    watched = sources(ROOT)
    supervisor = Supervisor(socket, dict.fromkeys(PACKAGES, "services"))

    def restart(service: str) -> None:
        supervisor.stop(service)
        supervisor.start(service)

    with ThreadPoolExecutor() as pool:
        for changes in watch(*watched, watch_filter=PythonFilter(), raise_interrupt=False):
            services = touched((path for _, path in changes), watched)
            print("changed, restarting:", *sorted(services), flush=True)
            list(pool.map(restart, services))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
