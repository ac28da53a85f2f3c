"""The simulated world: a clock, processes, and the calls they wait for. Nothing happens unless it is told to.

Every call to a database or the broker waits in `calls` until `perform` lets it happen; so a process can die before the
call, or after it and before its answer, and any two processes can meet in any order.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.simulation.loop import SimulatedLoop

BEGINNING = datetime(2030, 1, 1, tzinfo=UTC)
MOST_CALLS = 20_000


class CrashedError(BaseException):
    """A dead process tried to do something."""


class BusyError(Exception):
    """The call has to wait for something that another holds."""


@dataclass(eq=False)
class Call:
    """A call that waits: `effect` makes it happen, as soon as `ready`."""

    process: "Process"
    what: str
    effect: Callable[[], Any]
    ready: Callable[[], bool]
    answer: asyncio.Future[Any]


class Process:
    """One life of a replica: its memory is its loop, and gone when it dies. `clock` is by how many seconds its time of
    day is off.
    """

    def __init__(self, world: "World", name: str):
        self.world = world
        self.name = name
        self.alive = True
        self.clock = 0.0
        self.loop = SimulatedLoop(self, lambda: world.now)  # type: ignore[abstract]
        self.at_death: list[Callable[[], None]] = []

    def start(self, work: Coroutine[Any, Any, Any], done: Callable[[asyncio.Task[Any]], None]) -> asyncio.Task[Any]:
        """Begin `work`, run it up to its first call, and tell `done` when it ends."""
        task = self.loop.create_task(work)
        task.add_done_callback(done)
        if not self.loop.is_running():
            self.loop.run_ready()
        return task


@dataclass
class World:
    """`look` is called after every effect: what must always hold is checked there. `made_due` counts how often orders
    may have become due anew: a keeper made them so, or a clock was wrong.
    """

    look: Callable[[], None] = lambda: None
    now: float = 0.0
    made_due: int = 0
    calls: list[Call] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)
    databases: dict[str, Any] = field(default_factory=dict)
    broker: Any = None

    def process(self, name: str) -> Process:
        """A new process."""
        born = Process(self, name)
        self.processes.append(born)
        return born

    def waiting(self, process: Process | None = None) -> list[Call]:
        """Calls that can happen now, of one process or all, oldest first."""
        self.calls = [call for call in self.calls if not call.answer.done()]
        return [call for call in self.calls if process in (None, call.process) and call.ready()]

    def perform(self, call: Call, *, lost: Exception | None = None, answered: bool = True) -> None:
        """Let the call happen. Its answer may be `lost` (the caller gets that error), or never come."""
        try:
            result = call.effect()
        except BusyError:
            return
        except Exception as error:
            self.calls.remove(call)
            if answered:
                call.answer.set_exception(error)
        else:
            self.calls.remove(call)
            if lost is not None:
                call.answer.set_exception(lost)
            elif answered:
                call.answer.set_result(result)
        self.look()
        call.process.loop.run_ready()

    def refuse(self, call: Call, error: Exception) -> None:
        """The call does not happen, and its caller gets the error."""
        self.calls.remove(call)
        call.answer.set_exception(error)
        call.process.loop.run_ready()

    def settle(self) -> None:
        """Let all happen that can, oldest first, until nothing waits that could."""
        for _ in self._each():
            pass

    def _each(self) -> Iterator[None]:
        for _ in range(MOST_CALLS):
            if not (waiting := self.waiting()):
                return
            for call in waiting:
                if call in self.calls and not call.answer.done() and call.ready():
                    self.perform(call)
            yield
        raise AssertionError("the world does not come to rest")

    def advance(self, seconds: float) -> None:
        """Let time pass; timers fire in their order."""
        end = self.now + seconds
        while due := [(when, p) for p in self.processes if (when := p.loop.next_timer()) is not None and when <= end]:
            when, process = min(due, key=lambda pair: pair[0])
            self.now = max(self.now, when)
            process.loop.fire_due()
        self.now = end

    def leap(self, seconds: float) -> None:
        """Time passes while nobody runs, as if the machine had slept: timers fire late."""
        self.now += seconds
        for process in list(self.processes):
            process.loop.fire_due()

    def end(self) -> None:
        """All processes die at once."""
        for process in self.processes:
            process.alive = False
        for process in self.processes:
            process.loop.end()

    def crash(self, process: Process) -> None:
        """The process dies: what it waits for does not happen, and it does nothing more."""
        process.alive = False
        self.processes.remove(process)
        process.loop.end()
        self.calls = [call for call in self.calls if call.process is not process]
        for clean_up in process.at_death:
            clean_up()


def current() -> Process:
    """The process that runs now."""
    owner: Process = asyncio.get_running_loop().owner  # type: ignore[attr-defined]
    if not owner.alive:
        raise CrashedError
    return owner


def request(what: str, effect: Callable[[], Any], ready: Callable[[], bool] = lambda: True) -> asyncio.Future[Any]:
    """The answer to a call, which waits until the world lets it happen."""
    process = current()
    answer = process.loop.create_future()
    process.world.calls.append(Call(process, what, effect, ready, answer))
    return answer


class SimulatedDatetime(datetime):
    """`datetime` with the clock of the process that asks."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        process = current()
        return BEGINNING + timedelta(seconds=process.world.now + process.clock)


class SimulatedTime:
    """`time` with the world's clock."""

    @staticmethod
    def monotonic() -> float:
        return current().world.now
