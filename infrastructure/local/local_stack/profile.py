"""The development profile: every setting in which a bare machine differs from production is given here.

The product has no branch for the embedded parts; it reads numbers, and these are they.
"""

from pathlib import Path
from typing import Literal

from local_stack.ports import LOOPBACK

Broker = Literal["embedded", "kafka"]

_BROKER: dict[Broker, dict[str, str]] = {
    # The embedded broker refuses the idempotent producer, wakes no waiting fetch, and forgets everything when it dies.
    "embedded": {
        "KAFKA_IDEMPOTENT_PRODUCER": "false",
        "KAFKA_FETCH_MAX_WAIT_MS": "10",
        "PRODUCT_LAP_SECONDS": "60",
    },
    "kafka": {"KAFKA_IDEMPOTENT_PRODUCER": "true", "KAFKA_FETCH_MAX_WAIT_MS": "500"},
}


def service_environment(service: str, ports: dict[str, int], broker: Broker, folder: Path) -> dict[str, str]:
    """The environment of one service, given the port of every program by its name and the stack's data folder."""
    environment = {
        "ENVIRONMENT": "development",
        "LOG_FORMAT": "console",
        "INSTANCE": service,
        "ENABLE_ERROR_ROUTES": "false",
        "JWT_KEYS_FOLDER": str(folder / "keys"),
        "KAFKA_BOOTSTRAP_SERVERS": f"{LOOPBACK}:{ports['broker']}",
        "KAFKA_REPLICATION_FACTOR": "1",
        "KAFKA_MIN_INSYNC_REPLICAS": "1",
        **_BROKER[broker],
    }
    for name in ("authentication", "products", "orders"):
        environment[f"{name.upper()}_SERVICE_URL"] = f"http://{LOOPBACK}:{ports[f'{name}-ms']}"
    database = service.replace("-ms", "-db")
    if database in ports:
        environment |= {"DB_HOSTNAME": LOOPBACK, "DB_PORT": str(ports[database]), "DB_NAME": "shop"}
    return environment
