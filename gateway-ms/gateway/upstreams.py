"""The far side: one bounded pool of connections to the services."""

from collections.abc import AsyncIterator
from typing import Any, Self

import aiohttp
import structlog
from multidict import CIMultiDict
from shop_kit.errors import ProblemError, UnavailableError
from yarl import URL

from gateway.settings import GatewaySettings

CONNECT_SECONDS = 2.0
"""For a new connection, which a service of ours that is up gives in milliseconds."""

IDLE_SECONDS = 3.0
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

    def __init__(self, settings: GatewaySettings):
        self._settings = settings
        self._bases = settings.services()
        self._silent: set[str] = set()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._bases)

    async def __aenter__(self) -> Self:
        seconds = self._settings.upstream_seconds
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0, limit_per_host=self._settings.upstream_connections, keepalive_timeout=IDLE_SECONDS
            ),
            # `connect` also covers the wait for a free connection; a whole answer may last as long as bytes flow.
            timeout=aiohttp.ClientTimeout(connect=seconds, sock_connect=CONNECT_SECONDS, sock_read=seconds),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def send(
        self,
        service: str,
        verb: str,
        target: str,
        query: bytes,
        headers: CIMultiDict[str],
        body: AsyncIterator[bytes] | None,
    ) -> aiohttp.ClientResponse:
        """The service's answer, its body still to be read.

        If a kept connection broke before an answer came, aiohttp tries GET once more, PUT too while nothing of its body
        was read, and no other verb we use.
        Raises UnavailableError if the service is down, late, or breaks off; MalformedRequestError.
        """
        try:
            answer = await self._session.request(
                verb,
                _url(self._bases[service], target, query),
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
        return answer

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
