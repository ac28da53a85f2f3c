"""Passes one request on to a service and its answer back, both as streams.

It is plain ASGI, in front of FastAPI: this is the path of nearly every request, and it costs a third of what a
FastAPI route does.
"""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import structlog
from shop_kit.errors import UnavailableError
from shop_kit.tracing import traceparent
from starlette.types import Message, Receive, Scope, Send

from gateway.client import BodyTooLargeError, Client
from gateway.headers import RequestHead, answer_headers
from gateway.routes import Route, Who
from gateway.settings import GatewaySettings
from gateway.upstreams import FAILURES, Upstreams

log = structlog.get_logger()


class Proxy:
    """Passes requests on within the limits of the settings."""

    def __init__(self, settings: GatewaySettings, upstreams: Upstreams):
        self._upstreams = upstreams
        self._max_body = settings.max_body_bytes
        self._body_seconds = settings.body_seconds
        self._streams: set[Client] = set()
        self._over = False

    def end_streams(self) -> None:
        """The process ends: streams of events end now, as they would not by themselves, and none begins."""
        self._over = True
        for client in self._streams:
            client.end(UnavailableError())

    async def forward(
        self, route: Route, head: RequestHead, request_id: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer the request with what the service of `route` answers.

        Raises BodyTooLargeError, BodyTooSlowError, BodyCutShortError, MalformedRequestError, and UnavailableError if
        the service is down, late, or breaks off before its answer began. Afterwards nothing can be mended: then it
        returns with the answer unfinished, and the server closes the connection. A stream of events is never finished:
        it just ends.
        """
        limit = self._max_body if route.max_body is None else route.max_body
        if head.length is not None and head.length > limit:
            raise BodyTooLargeError()
        client = Client(receive, head.length)
        answer = None
        try:
            if route.stream:
                self._begin(client)
            answer = await self._ask(client, route, head, scope, limit)
            await _relay(answer, request_id, send, bodiless=scope["method"] == "HEAD")
        except asyncio.CancelledError:
            if not client.ended:
                raise
            client.forgive()
            if client.problem is not None and answer is None:
                raise client.problem from None
        finally:
            client.over()
            self._streams.discard(client)
        if answer is not None and _endless(answer):
            await send(_LAST)

    def _begin(self, client: Client) -> None:
        if self._over:
            raise UnavailableError()
        self._streams.add(client)

    async def _ask(
        self, client: Client, route: Route, head: RequestHead, scope: Scope, limit: int
    ) -> aiohttp.ClientResponse:
        # A body means nothing to GET and HEAD (RFC 9110, 9.3.1): it is not passed on.
        body: AsyncIterator[bytes] | None = None
        if route.verb == "GET" or head.length == 0:
            head.passed.popall("content-length", None)
            client.watch()
            if route.who is Who.OPS:
                body = _nothing()
        else:
            # A body that may be larger than others may take as much longer.
            body = client.body(limit, self._body_seconds * max(1, limit / self._max_body))
        _introduce(head, scope)
        return await self._upstreams.send(route, scope["query_string"], head.passed, body)


async def _nothing() -> AsyncIterator[bytes]:
    """A body without bytes. aiohttp sends no request again whose body was read: an error route ends one process, and
    a second try would end the next."""
    no_chunks: tuple[bytes, ...] = ()
    for chunk in no_chunks:
        yield chunk


def _introduce(head: RequestHead, scope: Scope) -> None:
    passed = head.passed
    passed["traceparent"] = traceparent().decode()
    passed["x-forwarded-proto"] = scope["scheme"]
    if scope["client"]:
        passed["x-forwarded-for"] = scope["client"][0]
    if head.host is not None:
        passed["x-forwarded-host"] = head.host


_LAST: Message = {"type": "http.response.body", "body": b"", "more_body": False}


def _endless(answer: aiohttp.ClientResponse) -> bool:
    return answer.content_type == "text/event-stream"


async def _relay(answer: aiohttp.ClientResponse, request_id: str, send: Send, *, bodiless: bool) -> None:
    """Stream an answer to the client; an answer that breaks off stays unfinished, which closes the connection. Whoever
    wants no body does not wait for the end of an endless one."""
    headers = answer_headers(answer.raw_headers, request_id)
    try:
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        while not (bodiless and _endless(answer)) and (chunk := await answer.content.readany()):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        if not _endless(answer):
            await send(_LAST)
    except FAILURES as error:
        log.warning("an answer broke off", path=answer.url.path, error=type(error).__name__)
    finally:
        answer.close()
