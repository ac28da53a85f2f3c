"""The trace of a request: its id goes in the W3C `traceparent` header over HTTP and Kafka, and into every log line.

Source: https://www.w3.org/TR/trace-context/
"""

import re
import secrets
import time
from contextvars import ContextVar
from typing import Any

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shop_kit.endings import answered_when_cut_off

_TRACEPARENT = re.compile(rb"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_trace_id: ContextVar[str] = ContextVar("trace_id", default="")
log = structlog.get_logger()


def trace_id_of(header: bytes | None) -> str:
    """The trace id in a `traceparent` header, or a new one if there is none or it is malformed."""
    match = _TRACEPARENT.fullmatch(header or b"")
    return match.group(1).decode() if match else secrets.token_hex(16)


def enter_trace(header: bytes | None) -> str:
    """Continue the trace of `header` in this task, and return its id."""
    trace_id = trace_id_of(header)
    _trace_id.set(trace_id)
    structlog.contextvars.bind_contextvars(request_id=trace_id)
    return trace_id


def traceparent() -> bytes:
    """The header that hands the current trace on."""
    return b"00-%s-%s-01" % (
        (_trace_id.get() or secrets.token_hex(16)).encode(),
        secrets.token_hex(8).encode(),
    )


class TraceMiddleware:
    """Gives each request its trace, answers it as `X-Request-ID`, and logs one line for each answer."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        trace_id = enter_trace(dict(scope["headers"]).get(b"traceparent"))
        began, status = time.perf_counter(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = trace_id
            await send(message)

        try:
            await answered_when_cut_off(self.app, scope, receive, send_with_id)
        finally:
            # Probes come every few seconds; whoever asks gets the answer, and the log stays readable.
            if "health" not in scope["path"]:
                fields: dict[str, Any] = {"method": scope["method"], "path": scope["path"], "status": status}
                # Whoever refuses one request refuses many: a warning is held back when it repeats itself.
                write, event = (log.warning, "requests refused") if status == 503 else (log.info, "request")
                write(event, **fields, ms=round((time.perf_counter() - began) * 1000, 1))
