"""One run: use the shop, break it, heal it, wait for quiet, and gather the evidence."""

import asyncio
import random
import time

from tests.faults.client import Client
from tests.faults.cluster import Cluster, running
from tests.faults.evidence import Evidence, read
from tests.faults.history import History
from tests.faults.load import Load
from tests.faults.mischief import Mischief
from tests.faults.nemesis import Nemesis
from tests.faults.quiet import PATIENCE, rest, until_copied
from tests.faults.tap import Tap
from tests.faults.watch import Readiness, Watched, ask_readiness, watch
from tests.invariants import Databases
from tests.operators import Logged


async def run(cluster: Cluster, seed: int, seconds: float, kind: type[Nemesis], patience: float) -> Evidence:
    """Use a healthy cluster for so many seconds while faults drawn from `seed` strike it, then let it heal.

    `patience` is how many seconds what must come true is waited for.
    """
    history, watched, readiness = History(), Watched(), Readiness()
    tap = Tap(cluster.bootstrap_servers)
    mischief = Mischief(cluster.bootstrap_servers, tap, random.Random(seed + 1))
    nemesis = kind(cluster, tap, mischief, seed)
    over = asyncio.Event()
    chance = random.Random(seed + 2)
    keys = cluster.folder / "keys"
    async with Databases(cluster) as db, Client(cluster.gateways, keys, history, chance) as client:
        load = Load(client, chance)
        start = {p["name"]: p["quantity"] async for p in db.products.products.find()}
        await load.open()
        # Else a broker that is killed at once would leave the buyers without a product that they can order.
        await until_copied(db, time.monotonic() + patience)
        began = time.monotonic()
        logs = [Logged(cluster, name) for name in cluster.services]
        lookers = [
            asyncio.create_task(looker)
            for looker in (
                tap.run(over),
                watch(cluster, watched, load.newest, over),
                ask_readiness(cluster, readiness, over),
            )
        ]
        using = asyncio.create_task(load.run())
        await nemesis.run(seconds)
        await nemesis.mend()
        mended = time.monotonic()
        await nemesis.wait_healthy()
        healthy = time.monotonic()
        load.closed.set()
        await using
        quiet = await rest(db, cluster.bootstrap_servers, mended, healthy, patience)
        await asyncio.sleep(1)
        over.set()
        await asyncio.gather(*lookers)
        stored = await read(db)
    lasted = time.monotonic() - began
    storms = [storm for log in logs for storm in log.storms()]
    story = nemesis.story
    return Evidence(lasted, start, history, story, tap, mischief, load.seen, watched, readiness, stored, quiet, storms)


def run_on(
    cluster: Cluster, seed: int, seconds: float, kind: type[Nemesis] = Nemesis, patience: float = PATIENCE
) -> Evidence:
    """The same on a cluster that runs for this alone."""

    async def whole() -> Evidence:
        async with running(cluster):
            return await run(cluster, seed, seconds, kind, patience)

    return asyncio.run(whole())
