"""The far side: one bounded pool of connections to the services."""

import aiohttp
from yarl import URL

from gateway.settings import GatewaySettings

CONNECT_SECONDS = 2.0
"""For a new connection, which a service of ours that is up gives in milliseconds."""

IDLE_SECONDS = 3.0
"""Below the 5 s after which uvicorn closes an idle connection: so a POST, which can't be tried again, does not meet
one that is just being closed (RFC 9112, 9.3.1)."""


def open_session(settings: GatewaySettings) -> aiohttp.ClientSession:
    """A client that changes nothing it carries and keeps no state between requests.

    aiohttp itself tries GET and HEAD once more if a kept connection broke before an answer came.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=0, limit_per_host=settings.upstream_connections, keepalive_timeout=IDLE_SECONDS
        ),
        # `connect` also covers the wait for a free connection; a whole exchange may last as long as bytes flow.
        timeout=aiohttp.ClientTimeout(
            total=None,
            connect=settings.upstream_seconds,
            sock_connect=CONNECT_SECONDS,
            sock_read=settings.upstream_seconds,
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
    )


def upstream_url(base: str, target: str, query: bytes) -> URL:
    """The address of a request; the query goes on as it was sent, but for bytes that no URL may have."""
    if not query:
        return URL(base + target, encoded=True)
    text = "".join(chr(b) if 0x20 < b < 0x7F else f"%{b:02X}" for b in query) if not _plain(query) else query.decode()
    return URL(f"{base}{target}?{text}", encoded=True)


def _plain(query: bytes) -> bool:
    return query.isascii() and query.decode().isprintable() and b" " not in query
