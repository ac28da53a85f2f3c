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
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with Stack(Path(folder), free_ports(10), broker) as stack:
            results: dict[str, float | str] = {"start to healthy s": time.perf_counter() - began}
            if "orders" in parts:
                results |= asyncio.run(orders.measure(stack.url, stack.mongo_uri("orders-ms")))
            if "gateway" in parts:
                results |= asyncio.run(
                    gateway.measure(
                        stack.url, stack.pid("gateway-ms"), stack.ports["products-ms"], stack.pid("products-ms")
                    )
                )
            memory = {f"memory of {name}, PSS MB": memory_mb(stack.pid(name)) for name in stack.programs}
            results |= {**memory, "memory of all, PSS MB": sum(memory.values())}
            if "catalogue" in parts:
                results |= asyncio.run(catalogue.measure(stack.url, stack.mongo_uri("products-ms")))
    width = max(map(len, results))
    for name, value in results.items():
        print(f"{name:{width}}  {value if isinstance(value, str) else f'{value:10.1f}'}")
    print(json.dumps({"broker": broker, **results}))


if __name__ == "__main__":
    main(cast(Broker, sys.argv[1] if len(sys.argv) > 1 else "embedded"), sys.argv[2:] or PARTS)
