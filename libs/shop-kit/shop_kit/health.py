"""Readiness says whether requests can be served now; liveness says whether a restart would help.

- 503: no request can be served (the start is not done, the database does not answer). A load balancer asks elsewhere.
- 200 `degraded`, with the reasons: requests are served, and what has to follow them waits. Every replica is in the same
  trouble then; taking them all out of service would turn a broker's outage into the shop's.
- 200 `ok`: all of it works.
"""

import os
import signal
from collections.abc import Awaitable, Callable, Sequence

from fastapi import APIRouter

from shop_kit.errors import UnavailableError

Check = Callable[[], Awaitable[None]]
"""Returns when the part works, and raises UnavailableError, naming the part, when it does not."""


def health_router(
    ready: Sequence[Check], whole: Sequence[Check] = (), alive: Callable[[], bool] = lambda: True
) -> APIRouter:
    """Routes `/health` (readiness) and `/health/live` (liveness). What fails of `ready` makes the service not ready,
    what fails of `whole` degraded."""
    router = APIRouter(include_in_schema=False)

    @router.get("/health")
    async def readiness() -> dict[str, str | list[str]]:
        for check in ready:
            await check()
        if waiting := [reason for check in whole if (reason := await _trouble(check))]:
            return {"status": "degraded", "waiting": waiting}
        return {"status": "ok"}

    @router.get("/health/live")
    async def liveness() -> dict[str, str]:
        if not alive():
            raise UnavailableError("not making progress")
        return {"status": "ok"}

    return router


async def _trouble(check: Check) -> str | None:
    try:
        await check()
    except UnavailableError as error:
        return error.detail
    return None


def error_router() -> APIRouter:
    """Route `/error`: kills this process, to show that the system heals. Only mounted where operators allow it."""
    router = APIRouter(include_in_schema=False)

    @router.get("/error")
    async def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    return router
