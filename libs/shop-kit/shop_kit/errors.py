"""Errors are classes with a status and a text; one handler turns them into RFC 9457 problem+json."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

log = structlog.get_logger()


class ProblemError(Exception):
    """Raise a subclass from anywhere below a controller; `detail` is the text that clients rely on."""

    status: int = 500
    detail: str = "Internal error"

    def __init__(
        self,
        detail: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        errors: list[dict[str, str]] | None = None,
    ):
        super().__init__(detail or self.detail)
        self.detail = detail or self.detail
        self.headers = dict(headers or {})
        self.errors = errors


class UnknownEndpointError(ProblemError):
    status, detail = 404, "Endpoint not found!"


class NotSignedInError(ProblemError):
    status, detail = 401, "You have no access to this resource!"

    def __init__(self, detail: str | None = None):
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class NotAllowedError(ProblemError):
    status, detail = 403, "You have no access to this resource!"


class UnavailableError(ProblemError):
    """Something this answer needs is down or late: ask again after `retry_after` seconds."""

    status, detail = 503, "Service unavailable!"

    def __init__(self, detail: str | None = None, *, retry_after: int = 1):
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


def problem_body(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """The body of an RFC 9457 answer; `detail` is always a string, `errors` say where."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return body


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def problem_response(error: ProblemError) -> ProblemResponse:
    """The answer for an error."""
    return ProblemResponse(problem_body(error.status, error.detail, error.errors), error.status, error.headers)


def describe(error: RequestValidationError) -> tuple[int, str, list[dict[str, str]]]:
    """Status, text and places of a request that does not fit. Values are never repeated: one may be a password."""
    places = [
        {
            "pointer": "/" + "/".join(str(part) for part in e["loc"][1:]),
            "in": str(e["loc"][0]),
            "detail": e["msg"],
        }
        for e in error.errors()
    ]
    broken = next((e for e in error.errors() if e["type"] == "json_invalid"), None)
    if broken is not None:
        reason = broken.get("ctx", {}).get("error", "")
        return 400, f"Malformed JSON at position {broken['loc'][-1]}: {reason}", []
    return 422, "; ".join(f"{p['in']}{p['pointer'].rstrip('/')}: {p['detail']}" for p in places[:5]), places


def install_error_handlers(app: FastAPI, malformed: type[ProblemError] | None = None) -> None:
    """Make every error of `app` a problem+json with a string `detail`; `malformed` replaces 422 where clients rely on
    another answer to a request that does not fit.
    """

    async def on_problem(request: Request, error: Exception) -> ProblemResponse:
        assert isinstance(error, ProblemError)
        return problem_response(error)

    async def on_validation(request: Request, error: Exception) -> ProblemResponse:
        assert isinstance(error, RequestValidationError)
        status, detail, errors = describe(error)
        if malformed is not None and status == 422:
            return problem_response(malformed(errors=errors))
        return ProblemResponse(problem_body(status, detail, errors), status)

    async def on_http(request: Request, error: Exception) -> ProblemResponse:
        assert isinstance(error, HTTPException)
        detail = UnknownEndpointError.detail if error.status_code == 404 else str(error.detail)
        return ProblemResponse(problem_body(error.status_code, detail), error.status_code, error.headers)

    async def on_bug(request: Request, error: Exception) -> ProblemResponse:
        log.error("unhandled error", path=request.url.path, exc_info=error)
        return ProblemResponse(problem_body(500, "Internal error"), 500)

    app.add_exception_handler(ProblemError, on_problem)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_bug)
