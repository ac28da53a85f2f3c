"""Looks at the databases and at readiness while the shop runs."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from bson import ObjectId
from local_stack.ports import LOOPBACK
from pymongo.errors import PyMongoError

from tests.faults.cluster import Cluster
from tests.invariants import Databases

LOOK_SECONDS = 0.3


@dataclass
class Watched:
    """`states` has what each product was at each version, by where it was seen ("stock" or "copy")."""

    wrong: list[str] = field(default_factory=list)
    states: dict[tuple[str, ObjectId, int], tuple[str, int]] = field(default_factory=dict)
    _versions: dict[tuple[str, ObjectId], int] = field(default_factory=dict)
    _statuses: dict[ObjectId, str] = field(default_factory=dict)

    def product(self, where: str, product: dict[str, Any]) -> None:
        key, version = product["_id"], product["version"]
        state = (product["name"], product["quantity"])
        if product["quantity"] < 0:
            self.wrong.append(f"S1 {product['name']} has {product['quantity']} in the {where}")
        if version < self._versions.get((where, key), 0):
            self.wrong.append(f"S8 {product['name']} went back to version {version} in the {where}")
        if self.states.setdefault((where, key, version), state) != state:
            self.wrong.append(f"S8 {product['name']} was two things at version {version} in the {where}")
        self._versions[where, key] = version

    def order(self, order: dict[str, Any]) -> None:
        before = self._statuses.get(order["_id"], "PENDING")
        if before not in ("PENDING", order["status"]):
            self.wrong.append(f"S4 order {order['_id']} left {before} for {order['status']}")
        self._statuses[order["_id"]] = order["status"]


async def watch(cluster: Cluster, watched: Watched, newest: Callable[[], list[ObjectId]], stop: asyncio.Event) -> None:
    """Look at every product, its copy and the `newest` orders, past all links, until `stop`."""
    async with Databases(cluster) as db:
        while not stop.is_set():
            with contextlib.suppress(PyMongoError):
                async for product in db.products.products.find():
                    watched.product("stock", product)
                async for product in db.orders.products.find():
                    watched.product("copy", product)
                async for order in db.orders.orders.find({"_id": {"$in": newest()}}):
                    watched.order(order)
            await asyncio.sleep(LOOK_SECONDS)


@dataclass
class Readiness:
    """For each service, the times at which it said that it can't work, whether it can by now, and why not last."""

    unready: dict[str, list[float]] = field(default_factory=dict)
    ready: dict[str, bool] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)


async def ask_readiness(cluster: Cluster, readiness: Readiness, stop: asyncio.Event) -> None:
    """Ask every service every half second, past all links, until `stop`. One that does not answer is not ready."""
    clock = asyncio.get_running_loop().time
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as http:

        async def ask(name: str) -> None:
            url = f"http://{LOOPBACK}:{cluster.ports[name]}{cluster.programs[name].health}"
            while not stop.is_set():
                try:
                    async with http.get(url) as answer:
                        ready, why = answer.status == 200, await answer.text()
                except (aiohttp.ClientError, TimeoutError, OSError) as error:
                    ready, why = False, type(error).__name__
                readiness.ready[name] = ready
                if not ready:
                    readiness.why[name] = why
                    readiness.unready.setdefault(name, []).append(clock())
                await asyncio.sleep(0.5)

        await asyncio.gather(*(ask(name) for name in cluster.services))
