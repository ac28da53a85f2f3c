"""The cookie that keeps a browser signed in: it holds a session token, where no script can read it.

Foreign pages gain nothing by it. It is SameSite=Strict, so what they send comes without it. A browser does keep the
cookies of the answer to a foreign page's form, so they might plant one, for an account of their own, or remove one.
Therefore it is only given to a request that says application/json, which no form can and no script may without this
shop's leave (https://fetch.spec.whatwg.org/#cors-safelisted-request-header), and only removed where one was sent.
Tested in tests/test_cookie.py.
"""

import time
from typing import Annotated

from fastapi import Cookie, Request

NAME = "refresh_token"

SentCookie = Annotated[
    str | None, Cookie(alias=NAME, description="The session of a browser, which gets and sends it by itself")
]
SET_COOKIE = {
    "headers": {
        "Set-Cookie": {
            "description": f"`{NAME}`, for browsers: HttpOnly, SameSite=Strict, Path=/api",
            "schema": {"type": "string"},
        }
    }
}


class SessionCookie:
    """Writes the `Set-Cookie` header. A `secure` cookie is only sent over TLS, or to this very machine."""

    def __init__(self, *, secure: bool):
        self._secure = "; Secure" if secure else ""
        self.removed = self._header("", 0)

    def keeping(self, token: str, expires: int) -> str:
        """The header that keeps `token` until it expires, a Unix time."""
        return self._header(token, max(0, expires - int(time.time())))

    def may_be_given(self, request: Request) -> bool:
        """Whether the request is this shop's own, or of a client that is no browser."""
        return request.headers.get("content-type", "").lower().startswith("application/json")

    def _header(self, value: str, seconds: int) -> str:
        return f"{NAME}={value}; Max-Age={seconds}; Path=/api; HttpOnly; SameSite=Strict{self._secure}"
