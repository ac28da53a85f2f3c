"""A database that is down, late, or refuses our login is no bug of the service: its clients are told to come back."""

import structlog
from fastapi import FastAPI, Request
from pymongo.errors import ConnectionFailure, ExecutionTimeout, OperationFailure, WTimeoutError

from shop_kit.errors import ProblemResponse, UnavailableError, problem_response
from shop_kit.mongo import DATABASE_DOWN, ConflictError

log = structlog.get_logger()

_REFUSED = {13, 18}
"""MongoDB's codes for a login that may not do this, or is none any more: an operator's to mend, as an outage is."""


def install_outage_handler(app: FastAPI) -> None:
    """Answer 503 with `Retry-After` where MongoDB could not do its part; its other errors stay bugs."""

    async def on_outage(request: Request, error: Exception) -> ProblemResponse:
        log.warning(DATABASE_DOWN, error=f"{type(error).__name__}: {error}"[:200])
        return problem_response(UnavailableError())

    async def on_failure(request: Request, error: OperationFailure) -> ProblemResponse:
        if error.code not in _REFUSED:
            raise error
        return await on_outage(request, error)

    app.add_exception_handler(OperationFailure, on_failure)  # type: ignore[arg-type]
    for outage in (ConnectionFailure, ExecutionTimeout, WTimeoutError, ConflictError):
        app.add_exception_handler(outage, on_outage)
