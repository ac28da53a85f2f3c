"""Starting and stopping aiokafka's clients, so that neither leaves anything open nor lasts for ever."""

import asyncio
import contextlib
from typing import Protocol

from aiokafka.errors import KafkaError

BOOTSTRAP_SECONDS = 1.0
"""How long a start that is cut short may finish what it asked; a broker that answers takes milliseconds."""


class Client(Protocol):
    """A producer or a consumer."""

    async def start(self) -> None:
        """Connect."""

    async def stop(self) -> None:
        """Send what is waiting, and disconnect."""


async def start(client: Client, seconds: float) -> None:
    """Start a client within so many seconds; raises TimeoutError, KafkaError or OSError if that fails.

    A cancelled start goes on for a moment: while aiokafka asks its first connection for the cluster, nothing but that
    call itself can close it.
    """
    starting = asyncio.create_task(client.start())
    try:
        async with asyncio.timeout(seconds):
            await asyncio.shield(starting)
    finally:
        if not starting.done():
            await asyncio.wait((starting,), timeout=BOOTSTRAP_SECONDS)
            starting.cancel()


async def stop_quietly(client: Client, seconds: float = 5) -> None:
    """Stop a client within so many seconds; with a dead broker its stop() raises, or never returns."""
    with contextlib.suppress(TimeoutError, KafkaError, OSError):
        try:
            await asyncio.wait_for(client.stop(), seconds)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
