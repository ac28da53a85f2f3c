"""Bytes before any application sees a request: what is no HTTP, has no end, or takes too long is refused here.

Used as `uvicorn --http gateway.protocol:Protocol`. Without it one client could fill the memory with a header that never
ends, or hold connections open for ever, byte by byte; and a trailer would count as a header, though it came after the
request was checked (RFC 9110, 6.5.1).
"""

import asyncio
import json
from http import HTTPStatus

from shop_kit.errors import problem_body
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from gateway.headers import MAX_HEADER_BYTES, HeadersTooLargeError

HEAD_SECONDS = 10.0
"""How long a client may take from its first byte, or its connection, to the end of its headers."""


def _answer(status: int, detail: str) -> bytes:
    body = json.dumps(problem_body(status, detail)).encode()
    return (
        b"HTTP/1.1 %d %s\r\ncontent-type: application/problem+json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s"
        % (status, HTTPStatus(status).phrase.encode(), len(body), body)
    )


_MALFORMED = _answer(400, "This is not an HTTP request")
_TOO_LARGE = _answer(431, HeadersTooLargeError.detail)
_TOO_SLOW = _answer(408, "The headers took too long")


class Protocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 with these limits; refusals are problem+json (RFC 9457), and end the connection."""

    _in_head = True
    _idle_bytes = 0  # Since what came last that ended a head or was part of a body.
    _timer: asyncio.TimerHandle | None = None
    _answering: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._timer = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)
        # uvicorn tells only the request that came last; the one that is being answered may be an earlier one.
        if self._answering is not None:
            self._answering.disconnected = True
            self._answering.message_event.set()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def data_received(self, data: bytes) -> None:
        self._idle_bytes += len(data)
        super().data_received(data)
        if self._idle_bytes > MAX_HEADER_BYTES:
            self._refuse(_TOO_LARGE)
        elif self._idle_bytes and self._in_head and self._timer is None:
            self._timer = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head, self._idle_bytes = False, 0
        self._stop_timer()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._idle_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_head, self._idle_bytes = True, 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(_MALFORMED)

    def _too_slow(self) -> None:
        self._timer = None
        self._refuse(_TOO_SLOW if self._idle_bytes else b"")

    def _refuse(self, answer: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._may_answer():
            self.transport.write(answer)
        self.transport.close()

    def _may_answer(self) -> bool:
        """Whether an answer would be taken for that to what is refused, and not for that to an earlier request."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            return True
        return cycle.more_body and not cycle.response_started and not self.pipeline

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
