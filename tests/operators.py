"""What operators see of a shop: each service's health, what it logs, and how it ends."""

import asyncio
import contextlib
import os
import re
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
from local_stack.ports import LOOPBACK, wait_until_listening
from local_stack.stack import Stack
from local_stack.supervised import Supervised

STOP_SECONDS = 10.0
_LINE = re.compile(r"\S+Z \[(\w+) *\] ")


async def health(stack: Stack, service: str, path: str = "/health") -> str:
    """`ok`, `degraded`, `503`, or `silent` if it does not answer within three seconds."""
    try:
        async with httpx2.AsyncClient(timeout=3) as http:
            answer = await http.get(f"http://{LOOPBACK}:{stack.ports[service]}{path}")
    except httpx2.TransportError:
        return "silent"
    return str(answer.json()["status"])


async def live(stack: Stack, service: str) -> bool:
    return await health(stack, service, "/health/live") == "ok"


async def becomes(stack: Stack, service: str, state: str, seconds: float) -> None:
    """Returns when the service says so, and all the while it is alive."""
    end = time.monotonic() + seconds
    while (seen := await health(stack, service)) != state:
        assert time.monotonic() < end, f"{service} is {seen}, and not {state} within {seconds} s"
        await asyncio.sleep(0.1)


class Logged:
    """What a service logs from now on."""

    def __init__(self, stack: Supervised, service: str):
        self._stack, self.service = stack, service
        self._length, self._began = len(stack.log_text(service)), time.monotonic()

    def lines(self) -> list[str]:
        """Each line that tells of more than ordinary work; a line without a time belongs to a stack trace."""
        text = self._stack.log_text(self.service)[self._length :]
        found = [line for line in text.splitlines() if line and not line.startswith("INFO: ")]
        return [line for line in found if (level := _LINE.match(line)) is None or level[1] != "info"]

    def storms(self) -> list[str]:
        """What is too much: a stack trace, or more than a line a second."""
        lines, seconds = self.lines(), time.monotonic() - self._began
        wrong = [f"{self.service} logs {line[:200]}" for line in lines if _LINE.match(line) is None]
        return wrong + [f"{self.service} logs {len(lines)} lines in {seconds:.0f} s"] * (len(lines) > seconds)

    def check(self, *told: str) -> None:
        """No storm, and among the lines each of `told`."""
        lines = self.lines()
        assert self.storms() == [], lines
        for text in told:
            assert any(text in line for line in lines), (text, lines)

    def says(self, text: str) -> bool:
        return text in self._stack.log_text(self.service)[self._length :]


async def terminate(stack: Stack, service: str) -> float:
    """Send SIGTERM and return the seconds it took to end. The supervisor starts it anew."""
    return await asyncio.to_thread(_terminate, stack, service)


def _terminate(stack: Stack, service: str) -> float:
    pid = _process(stack, service)
    began = time.monotonic()
    os.kill(pid, signal.SIGTERM)
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < began + STOP_SECONDS, f"{service} does not end: {stack.log_text(service)[-3000:]}"
        time.sleep(0.01)
    return time.monotonic() - began


def _process(stack: Stack, service: str) -> int:
    """Between fork and exec the supervisor's child has the supervisor's handlers: a SIGTERM is lost there."""
    end = time.monotonic() + 10
    while True:
        pid = stack.pid(service)
        with contextlib.suppress(OSError):
            if pid and b"uvicorn" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
        assert time.monotonic() < end, f"{service} does not run"
        time.sleep(0.01)


async def started(stack: Stack, service: str, seconds: float = 60) -> None:
    """Returns when it listens."""
    end = time.monotonic() + seconds
    while not await live(stack, service):
        assert time.monotonic() < end, f"{service} does not start"
        await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def frozen(stack: Stack, name: str) -> AsyncIterator[None]:
    """A program that neither answers nor closes its connections."""
    await asyncio.to_thread(stack.kill, name, signal.SIGSTOP)
    try:
        yield
    finally:
        await asyncio.to_thread(stack.kill, name, signal.SIGCONT)


@contextlib.asynccontextmanager
async def stopped(stack: Stack, name: str) -> AsyncIterator[None]:
    """A program whose port is closed; afterwards it listens again, which takes Apache Kafka a while."""
    await asyncio.to_thread(stack.stop_process, name)
    try:
        yield
    finally:
        await asyncio.to_thread(stack.start_process, name)
        await asyncio.to_thread(wait_until_listening, stack.ports[name], 120)
