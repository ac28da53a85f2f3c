"""Passes one request on to a service and its answer back, both as streams.

It is plain ASGI, in front of FastAPI: this is the path of nearly every request, and it costs a third of what a
FastAPI route does.
"""

import asyncio
from collections.abc import Mapping
from typing import Self

import aiohttp
import structlog
from shop_kit.errors import UnavailableError
from shop_kit.tracing import traceparent
from starlette.types import Receive, Scope, Send

from gateway.client import BodyTooLargeError, Client
from gateway.headers import BadHeaderError, RequestHead, answer_headers
from gateway.routes import Route
from gateway.settings import GatewaySettings
from gateway.upstreams import open_session, upstream_url

log = structlog.get_logger()


class Proxy:
    """Holds the connections to the services, while it is open as a context."""

    _session: aiohttp.ClientSession

    def __init__(self, settings: GatewaySettings):
        self._bases: Mapping[str, str] = settings.services()
        self._settings = settings

    async def __aenter__(self) -> Self:
        self._session = open_session(self._settings)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def forward(
        self, route: Route, head: RequestHead, request_id: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer the request with what the service of `route` answers.

        Raises BodyTooLargeError, BodyTooSlowError, BodyCutShortError, BadHeaderError, and UnavailableError if the
        service is down, late, or breaks off before its answer began. Afterwards nothing can be mended: then it
        returns with the answer unfinished, and the server closes the connection.
        """
        if head.length is not None and head.length > self._settings.max_body_bytes:
            raise BodyTooLargeError()
        client = Client(receive, head.length)
        try:
            await self._exchange(client, route, head, request_id, scope, send)
        except asyncio.CancelledError:
            if not client.gone and client.problem is None:
                raise
            client.forgive()
            if client.problem is not None:
                raise client.problem from None
        finally:
            client.over()

    async def _exchange(
        self, client: Client, route: Route, head: RequestHead, request_id: str, scope: Scope, send: Send
    ) -> None:
        # A body means nothing to GET and HEAD (RFC 9110, 9.3.1): it is not passed on.
        has_body = route.verb != "GET" and head.length != 0
        if not has_body:
            client.watch()
        _introduce(head, scope, keeps_length=has_body)
        try:
            answer = await self._session.request(
                route.verb,
                upstream_url(self._bases[route.upstream], route.target, scope["query_string"]),
                headers=head.passed,
                data=client.body(self._settings.max_body_bytes, self._settings.body_seconds) if has_body else None,
                allow_redirects=False,
            )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("upstream failed", upstream=route.upstream, error=type(error).__name__)
            raise UnavailableError() from error
        except ValueError as error:
            raise BadHeaderError("A header is malformed") from error
        try:
            await _relay(answer, request_id, send)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("upstream broke off", upstream=route.upstream, error=type(error).__name__)
        finally:
            answer.close()


def _introduce(head: RequestHead, scope: Scope, *, keeps_length: bool) -> None:
    passed = head.passed
    if not keeps_length:
        passed.popall("content-length", None)
    passed["traceparent"] = traceparent().decode()
    passed["x-forwarded-proto"] = scope["scheme"]
    if scope["client"]:
        passed["x-forwarded-for"] = scope["client"][0]
    if head.host is not None:
        passed["x-forwarded-host"] = head.host


async def _relay(answer: aiohttp.ClientResponse, request_id: str, send: Send) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": answer_headers(answer.raw_headers, request_id),
        }
    )
    while chunk := await answer.content.readany():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
