"""What all of aiokafka's clients have in common: how they reach the broker, and a start and a stop that neither leave
anything open nor last for ever."""

import asyncio
import contextlib
import ssl
from typing import Any, Protocol

from aiokafka.errors import KafkaError

from shop_kit.settings import KafkaSettings

BOOTSTRAP_SECONDS = 1.0
"""How long a start that is cut short may finish what it asked; a broker that answers takes milliseconds."""


def connection(settings: KafkaSettings) -> dict[str, Any]:
    """Arguments for every client: where the brokers are, how long one may take, and how both prove who they are.

    The certificates are read for each client anew, since they are renewed beneath a running service.
    """
    password, protocol = settings.kafka_sasl_password, settings.kafka_security_protocol
    tls = protocol in ("SSL", "SASL_SSL")
    return {
        "bootstrap_servers": settings.kafka_bootstrap_servers,
        "request_timeout_ms": 11_000,
        "security_protocol": protocol,
        "ssl_context": ssl.create_default_context(cafile=settings.kafka_ssl_cafile) if tls else None,
        "sasl_mechanism": settings.kafka_sasl_mechanism,
        "sasl_plain_username": settings.kafka_sasl_username,
        "sasl_plain_password": password.get_secret_value() if password else None,
    }


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
