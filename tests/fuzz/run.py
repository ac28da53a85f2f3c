"""One run of the fuzzers against a shop of its own, from start to verdict."""

import asyncio
import time
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx2
from authentication.services.start_data import DEMO_ACCOUNTS
from local_stack.ports import free_ports
from local_stack.profile import Broker
from local_stack.stack import Stack

from tests.fuzz import memory
from tests.fuzz.callers import Callers, introduced
from tests.fuzz.cases import Case, Outcome
from tests.fuzz.client import Line, alone
from tests.fuzz.corpus import Corpus
from tests.fuzz.corpus_generated import templates
from tests.fuzz.effects import Effects
from tests.fuzz.honest import Honest
from tests.fuzz.judge import Judge
from tests.fuzz.logs import leaks
from tests.fuzz.routes import EVERY
from tests.invariants import Always, Databases, check
from tests.shop import Books, Shop

WORKERS = 16
AGAIN_TIMES = 50
"""How often a request is sent at the most."""
LOOK_SECONDS = 3.0
"""Between two looks at all products and orders: there are many."""
AGAIN_SECONDS = 0.2
"""After which a request that was told to come back does."""


@dataclass
class Report:
    """What happened; `wrong` is empty if all was right."""

    seed: int
    judge: Judge
    honest: Honest | None = None
    seconds: float = 0.0
    middle: dict[str, float] = field(default_factory=dict)
    end: dict[str, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


class Fuzzers:
    """Sends cases, each by one of WORKERS workers, and has them judged."""

    def __init__(self, callers: Callers, corpus: Corpus, judge: Judge):
        self._callers, self._corpus, self._judge = callers, corpus, judge

    async def send(self, numbers: range) -> None:
        """Send the cases with these numbers."""
        waiting = iter(numbers)
        await asyncio.gather(*(self._work(waiting) for _ in range(WORKERS)))

    async def _work(self, waiting: Iterator[int]) -> None:
        lines = {door: Line(self._callers.ports[door]) for door in memory.SERVICES}
        for number in waiting:
            case = self._corpus.case(number)
            for _ in range(AGAIN_TIMES):
                outcome = await self._exchange(lines, case)
                self._judge.look(number, case, outcome)
                if not (outcome.answers and outcome.answers[0].status == 503):
                    break
                await asyncio.sleep(AGAIN_SECONDS)
        for line in lines.values():
            line.close()

    async def _exchange(self, lines: dict[str, Line], case: Case) -> Outcome:
        if case.lone:
            return await alone(case, self._callers.ports[case.door])
        return await lines[case.door].send(case)


async def fuzz(folder: Path, seed: int, requests: int, each: int, broker: Broker) -> Report:
    """Start a shop in `folder` and send it `requests`, varied from `each` valid and invalid ones for each operation."""
    # It takes as long as the shop takes to start.
    generating = asyncio.create_task(asyncio.to_thread(templates, seed, each))
    await asyncio.sleep(0)
    hours = {"authentication-ms": {"JWT_ACCESS_TOKEN_EXPIRE_MINUTES": "240"}}
    with Stack(folder, free_ports(10), broker, hours) as stack:
        books = Books()
        async with httpx2.AsyncClient(base_url=stack.url, timeout=60) as http, Databases(stack) as db:
            for product in (await http.get("/products")).json()["products"]:
                books.given[product["name"]] += product["quantity"]
            shop = Shop(stack, books, http)
            callers = await asyncio.to_thread(introduced, stack)
            shop.admin = callers.admin  # A long run outlives the token that the shop's own client has.
            await db.authentication.users.delete_one({"email": "gone@example.test"})
            effects = Effects(books)
            effects.categories = {c["name"] for c in (await http.get("/categories")).json()["categories"]}
            secrets = tuple(
                text.encode() for text in (callers.password, callers.signed_in["refresh_token"], callers.admin)
            )
            report = Report(seed, Judge(effects, secrets))
            callers.names = [await shop.add_product(1_000) for _ in range(3)] + ["cutlery"]
            callers.slugs = [name.replace(" ", "-") for name in callers.names]
            for email in list(callers.users)[:5]:
                callers.orders[email] = await shop.order(email, (callers.names[0], 1))
            own = [await shop.add_product(count) for count in (100_000, 100_000, 5)]
            report.honest = Honest(shop, Random(seed), own)
            fuzzers = Fuzzers(callers, Corpus(callers, seed, await generating), report.judge)
            await _run(report, stack, db, fuzzers, requests)
            await _verdict(report, stack, db, callers)
    return report


@asynccontextmanager
async def _watched(db: Databases) -> AsyncIterator[None]:
    """What must always hold does, all the while."""
    seen, over = Always(), asyncio.Event()

    async def watch() -> None:
        while not over.is_set():
            await seen.look(db)
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), LOOK_SECONDS)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(watch())
        yield
        over.set()


async def _run(report: Report, stack: Stack, db: Databases, fuzzers: Fuzzers, requests: int) -> None:
    pids = memory.processes(stack)
    assert report.honest
    began = time.perf_counter()
    async with _watched(db), report.honest.trade():
        half = requests // 2
        await fuzzers.send(range(half))
        report.middle = memory.megabytes(pids)
        await fuzzers.send(range(half, requests))
        report.seconds = time.perf_counter() - began
    report.end = memory.megabytes(pids)
    report.wrong += memory.died(pids, memory.processes(stack))
    report.wrong += memory.grown(report.middle, report.end)


async def _verdict(report: Report, stack: Stack, db: Databases, callers: Callers) -> None:
    effects = report.judge.effects
    report.wrong += [f"case {f.number}, {f.case.kind}: {f.what}" for f in report.judge.findings]
    report.wrong += report.honest.wrong if report.honest else []
    try:
        await check(stack, effects.books)
    except AssertionError:
        report.wrong.append("the shop does not add up: " + traceback.format_exc(limit=-2)[-2000:])
    report.wrong += await _strangers(db, effects, callers)
    served = {route for (route, status) in report.judge.statuses if 200 <= status < 300}
    report.wrong += [f"never served: {route}" for route in EVERY if route not in served]
    report.wrong += leaks({name: stack.log_text(name) for name in memory.SERVICES}, callers.password)


async def _strangers(db: Databases, effects: Effects, callers: Callers) -> list[str]:
    """Accounts and categories that are there without an answer that said so, or the other way round."""
    accounts = {account["email"] async for account in db.authentication.users.find()}
    expected = effects.accounts | callers.accounts - {"gone@example.test"} | set(DEMO_ACCOUNTS)
    categories = {category["name"] async for category in db.products.categories.find()}
    return [
        f"in the books or in the database only: {name!r}"
        for name in (accounts ^ expected) | (categories ^ effects.categories)
    ]
