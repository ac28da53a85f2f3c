"""A database that is down or late is no bug of the service: its clients are told to come back."""

import structlog
from fastapi import FastAPI, Request
from pymongo.errors import ConnectionFailure, ExecutionTimeout, WTimeoutError

from shop_kit.errors import ProblemResponse, UnavailableError, problem_response
from shop_kit.mongo import DATABASE_DOWN, ConflictError

log = structlog.get_logger()


def install_outage_handler(app: FastAPI) -> None:
    """Answer 503 with `Retry-After` where MongoDB could not do its part; its other errors stay bugs."""

    async def on_outage(request: Request, error: Exception) -> ProblemResponse:
        log.warning(DATABASE_DOWN, error=f"{type(error).__name__}: {error}"[:200])
        return problem_response(UnavailableError())

    for outage in (ConnectionFailure, ExecutionTimeout, WTimeoutError, ConflictError):
        app.add_exception_handler(outage, on_outage)
