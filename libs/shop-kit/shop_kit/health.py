"""Readiness says whether work can be done now; liveness says whether a restart would help."""

import os
import signal
from collections.abc import Awaitable, Callable

from fastapi import APIRouter

from shop_kit.errors import UnavailableError

Check = Callable[[], Awaitable[None]]
"""Returns when the part works, and raises UnavailableError, naming the part, when it does not."""


def health_router(ready: list[Check], alive: Callable[[], bool] = lambda: True) -> APIRouter:
    """Routes `/health` (readiness) and `/health/live` (liveness)."""
    router = APIRouter(include_in_schema=False)

    @router.get("/health")
    async def readiness() -> dict[str, str]:
        for check in ready:
            await check()
        return {"status": "ok"}

    @router.get("/health/live")
    async def liveness() -> dict[str, str]:
        if not alive():
            raise UnavailableError("not making progress")
        return {"status": "ok"}

    return router


def error_router() -> APIRouter:
    """Route `/error`: kills this process, to show that the system heals. Only mounted where operators allow it."""
    router = APIRouter(include_in_schema=False)

    @router.get("/error")
    async def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    return router
