"""Breaks things while the shop runs: what, where and for how long is drawn from a seed."""

import asyncio
import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field

from local_stack.errors import StackError

from tests.faults.cluster import DATABASES, Cluster
from tests.faults.links import Link
from tests.faults.mischief import Mischief
from tests.faults.tap import Tap

LONGEST = 8.0
"""Seconds that a fault lasts at most; long enough for a consumer group to give a frozen member up."""
PAUSE = 2.5
"""Seconds between two faults at most; many last while the next ones strike."""
HEALTHY_SECONDS = 120
JUMPS = (-86_400, -30, -3, 3, 30, 86_400)
"""Seconds by which a clock is wrong. An hour is not among them: what products-ms puts off by that waits for the lap."""


@dataclass
class Fault:
    """What was done to which target, and from when to when, in monotonic seconds."""

    kind: str
    target: str
    began: float
    ended: float = 0.0


@dataclass
class Story:
    """All faults of a run. `kills` counts the processes killed, by name; a power cut kills every one."""

    faults: list[Fault] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)

    def kinds(self) -> Counter[str]:
        return Counter(fault.kind for fault in self.faults)


class Nemesis:
    def __init__(self, cluster: Cluster, tap: Tap, mischief: Mischief, seed: int):
        self.story = Story()
        self._cluster = cluster
        self._tap = tap
        self._mischief = mischief
        self._chance = random.Random(seed)
        self._links = sorted(cluster.links.values(), key=str)
        self._frozen: set[int] = set()
        self._busy: set[str] = set()
        self._running: list[asyncio.Task[None]] = []
        self._draws: list[tuple[int, Callable[[], tuple[str, str, Awaitable[None]]]]] = [
            (48, self._kill),
            (10, self._freeze),
            (5, self._down),
            (6, self._cut),
            (6, self._slow),
            (8, self._lossy),
            (2, self._wipe),
            (6, self._repeat_events),
            (5, self._garbage),
            (1, self._power_cut),
            (3, self._clock),
        ]

    async def run(self, seconds: float) -> None:
        """Strike for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            [(_, draw)] = self._chance.choices(self._draws, weights=[weight for weight, _ in self._draws])
            kind, target, work = draw()
            self._strike(kind, target, work)
            await asyncio.sleep(self._chance.uniform(0.1, PAUSE))

    async def mend(self) -> None:
        """Let the faults under way end, and mend everything."""
        await asyncio.gather(*self._running)
        for link in self._links:
            link.mend()

    async def wait_healthy(self) -> None:
        """Return when all can work again; O1 is violated if they can't."""
        with contextlib.suppress(StackError):
            await asyncio.to_thread(self._cluster.wait_healthy, HEALTHY_SECONDS)

    def _strike(self, kind: str, target: str, work: Awaitable[None]) -> None:
        fault = Fault(kind, target, time.monotonic())

        async def strike() -> None:
            try:
                await work
                fault.ended = time.monotonic()
                self.story.faults.append(fault)
            finally:
                self._busy.discard(target)

        if target in self._busy:
            assert isinstance(work, Coroutine)
            work.close()
            return
        self._busy.add(target)
        self._running.append(asyncio.create_task(strike()))

    def _process(self) -> str:
        return self._chance.choice([*self._cluster.services, *DATABASES, "broker"])

    def _seconds(self) -> float:
        return self._chance.uniform(0.5, LONGEST)

    def _kill(self) -> tuple[str, str, Awaitable[None]]:
        name = self._process()
        return "kill", name, self._kill_now(name)

    async def _kill_now(self, name: str) -> None:
        with contextlib.suppress(StackError):  # it is just coming back from the last one
            await asyncio.to_thread(self._cluster.kill, name)
            self.story.kills[name] += 1
            if name == "broker" and self._cluster.broker == "embedded":
                self._tap.broker_wiped()

    def _freeze(self) -> tuple[str, str, Awaitable[None]]:
        name, seconds = self._process(), self._seconds()

        async def work() -> None:
            if pid := await asyncio.to_thread(self._cluster.pid, name):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP)
                    await asyncio.sleep(seconds)
                    os.kill(pid, signal.SIGCONT)

        return "freeze", name, work()

    def _down(self) -> tuple[str, str, Awaitable[None]]:
        name, seconds = self._process(), self._chance.uniform(4, LONGEST)

        async def work() -> None:
            await asyncio.to_thread(self._cluster.stop_process, name)
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self._cluster.start_process, name)
            if name == "broker" and self._cluster.broker == "embedded":
                self._tap.broker_wiped()

        return "down", name, work()

    def _on_link(self, kind: str, break_: Callable[[Link], None]) -> tuple[str, str, Awaitable[None]]:
        link, seconds = self._chance.choice(self._links), self._seconds()

        async def work() -> None:
            break_(link)
            await asyncio.sleep(seconds)
            link.mend()

        return kind, str(link), work()

    def _cut(self) -> tuple[str, str, Awaitable[None]]:
        return self._on_link("cut", lambda link: link.cut())

    def _slow(self) -> tuple[str, str, Awaitable[None]]:
        delay = self._chance.uniform(0.05, 3)

        def slow(link: Link) -> None:
            link.delay = delay

        return self._on_link("delay", slow)

    def _lossy(self) -> tuple[str, str, Awaitable[None]]:
        deaf, mute = self._chance.choice([(True, True), (True, False), (False, True)])
        return self._on_link("half-open", lambda link: link.lose(deaf, mute))

    def _wipe(self) -> tuple[str, str, Awaitable[None]]:
        async def work() -> None:
            await asyncio.to_thread(self._cluster.wipe_broker)
            self._tap.broker_wiped()

        return "wipe", "broker", work()

    def _repeat_events(self) -> tuple[str, str, Awaitable[None]]:
        return "events again", "topics", self._mischief.repeat()

    def _garbage(self) -> tuple[str, str, Awaitable[None]]:
        return "garbage", "topics", self._mischief.garbage()

    def _power_cut(self) -> tuple[str, str, Awaitable[None]]:
        async def work() -> None:
            names = [*self._cluster.services, *DATABASES, "broker"]
            await asyncio.gather(*(self._kill_now(name) for name in names))

        return "power cut", "everything", work()

    def _clock(self) -> tuple[str, str, Awaitable[None]]:
        name, seconds = self._chance.choice(self._cluster.services), self._seconds()
        jump = self._chance.choice(JUMPS)

        async def work() -> None:
            self._cluster.set_clock(name, jump)
            await asyncio.sleep(seconds)
            self._cluster.set_clock(name, 0)

        return "clock", f"clock of {name}", work()
