"""The far side: two bounded pools of connections to the services. Streams of events, which last for minutes, have one
of their own: however many there are, other requests find a connection."""

from collections.abc import AsyncIterator
from typing import Any, Self

import aiohttp
import structlog
from multidict import CIMultiDict
from shop_kit.errors import ProblemError, UnavailableError
from yarl import URL

from gateway.routes import Route
from gateway.settings import GatewaySettings

CONNECT_SECONDS = 2.0
"""For a new connection, which a service of ours that is up gives in milliseconds."""

KEPT_SECONDS = 3.0
"""Below the 5 s after which uvicorn closes an idle connection: so a POST, which can't be tried again, does not meet
one that is just being closed (RFC 9112, 9.3.1)."""

ASK_SECONDS = 3.0
"""For what the gateway itself asks a service."""

FAILURES = (aiohttp.ClientError, TimeoutError, OSError)
"""What a broken or late exchange raises."""

log = structlog.get_logger()


class MalformedRequestError(ProblemError):
    status, detail = 400, "The request can't be passed on: a header or the query is malformed"


class Upstreams:
    """The services by name. Use it as a context; it changes nothing it carries, and remembers only who was silent."""

    _session: aiohttp.ClientSession
    _streams: aiohttp.ClientSession

    def __init__(self, settings: GatewaySettings):
        self._settings = settings
        self._bases = settings.services()
        self._silent: set[str] = set()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._bases)

    async def __aenter__(self) -> Self:
        self._session = self._pool(self._settings.upstream_connections)
        self._streams = self._pool(self._settings.upstream_streams)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        await self._streams.close()

    def _pool(self, most: int) -> aiohttp.ClientSession:
        seconds = self._settings.upstream_seconds
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, limit_per_host=most, keepalive_timeout=KEPT_SECONDS),
            # `connect` also covers the wait for a free connection.
            timeout=aiohttp.ClientTimeout(connect=seconds, sock_connect=CONNECT_SECONDS, sock_read=seconds),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )

    async def send(
        self, route: Route, query: bytes, headers: CIMultiDict[str], body: AsyncIterator[bytes] | None
    ) -> aiohttp.ClientResponse:
        """The answer of the route's service, its body still to be read: it may last as long as no pause is longer than
        the settings allow.

        If a kept connection broke before an answer came, aiohttp tries GET once more, PUT too while nothing of its body
        was read, and no other verb we use.
        Raises UnavailableError if the service is down, late, or breaks off; MalformedRequestError.
        """
        service, session = route.upstream, self._streams if route.stream else self._session
        try:
            answer = await session.request(
                route.verb,
                _url(self._bases[service], route.target, query),
                headers=headers,
                data=body,
                allow_redirects=False,
            )
        except FAILURES as error:
            self._silent.add(service)
            log.warning(f"{service} does not answer", error=type(error).__name__)
            raise UnavailableError() from error
        except ValueError as error:
            raise MalformedRequestError() from error
        if service in self._silent:
            self._silent.discard(service)
            log.info(f"{service} answers again", ends=f"{service} does not answer")
        self._allow_pauses(answer)
        return answer

    def _allow_pauses(self, answer: aiohttp.ClientResponse) -> None:
        connection = answer.connection
        # A short answer is read already, and its connection gone back.
        if connection is not None and connection.protocol is not None:
            connection.protocol.read_timeout = self._settings.idle_seconds
            connection.protocol.start_timeout()

    async def ask(self, service: str, path: str) -> Any:
        """The JSON that a service answers with 200 at `path`; raises UnavailableError for anything else."""
        try:
            timeout = aiohttp.ClientTimeout(total=ASK_SECONDS)
            async with self._session.get(self._bases[service] + path, timeout=timeout) as answer:
                answer.raise_for_status()
                return await answer.json()
        except (*FAILURES, ValueError) as error:
            raise UnavailableError() from error


def _url(base: str, target: str, query: bytes) -> URL:
    # Encoded: what the client sent goes on as it is, and is never decoded and encoded again.
    return URL(f"{base}{target}?{query.decode('latin-1')}" if query else base + target, encoded=True)
