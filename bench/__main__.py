"""`python -m bench [embedded|kafka] [part ...]`: start a shop of its own, measure it, print a table and JSON.

The parts are those in PARTS; without one all are measured.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from local_stack.ports import free_ports
from local_stack.profile import Broker
from local_stack.stack import Stack

from bench import catalogue, gateway, orders
from bench.processes import memory_mb

PARTS = ("orders", "gateway", "catalogue")


def main(broker: Broker, parts: Sequence[str]) -> None:
    if unknown := set(parts) - set(PARTS):
        sys.exit(f"There is no part named {', '.join(sorted(unknown))}. The parts are {', '.join(PARTS)}.")
    results: dict[str, float | str] = {}
    if "orders" in parts or "gateway" in parts:
        with tempfile.TemporaryDirectory() as folder:
            results |= _shop(Path(folder), broker, parts)
    if "catalogue" in parts:
        with tempfile.TemporaryDirectory() as folder:
            results |= catalogue.measure(Path(folder), broker)
    width = max(map(len, results))
    for name, value in results.items():
        print(f"{name:{width}}  {value if isinstance(value, str) else f'{value:10.1f}'}")
    print(json.dumps({"broker": broker, **results}))


def _shop(folder: Path, broker: Broker, parts: Sequence[str]) -> dict[str, float | str]:
    began = time.perf_counter()
    with Stack(folder, free_ports(10), broker) as stack:
        results: dict[str, float | str] = {"start to healthy s": time.perf_counter() - began}
        if "orders" in parts:
            pids = {name: stack.pid(name) for name in stack.programs}
            results |= asyncio.run(orders.measure(stack.url, stack.mongo_uri("orders-ms"), pids))
        if "gateway" in parts:
            service = stack.ports["products-ms"], stack.pid("products-ms")
            results |= asyncio.run(gateway.measure(stack.url, stack.pid("gateway-ms"), *service))
        memory = {f"memory of {name}, PSS MB": memory_mb(stack.pid(name)) for name in stack.programs}
        return results | memory | {"memory of all, PSS MB": sum(memory.values())}


if __name__ == "__main__":
    main(cast(Broker, sys.argv[1] if len(sys.argv) > 1 else "embedded"), sys.argv[2:] or PARTS)
