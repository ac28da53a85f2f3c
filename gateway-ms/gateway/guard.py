"""Who may pass. A token is verified once and remembered until it expires.

The services verify it again themselves: the gateway only keeps away what is refused anyway.
"""

import time
from collections import OrderedDict

from shop_kit.errors import NotAllowedError, NotSignedInError
from shop_kit.identity import Caller, TokenVerifier

from gateway.routes import Who

REMEMBERED = 10_000
"""Tokens remembered, at most; the one unused for longest goes first."""


class Guard:
    """Admits callers to routes. Only tokens that proved good are remembered, so garbage can't push them out."""

    def __init__(self, verifier: TokenVerifier):
        self._verifier = verifier
        self._callers: OrderedDict[str, Caller] = OrderedDict()

    async def admit(self, who: Who, authorization: str | None) -> None:
        """Return if the holder of the `Authorization` header (None: it is absent) may call a route for `who`.

        Raises NotSignedInError or NotAllowedError, and UnavailableError while the keys can't be read.
        """
        if who is Who.ANYONE:
            return
        scheme, _, token = (authorization or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise NotSignedInError()
        caller = await self._caller(token)
        if who is not Who.SIGNED_IN and caller.role != "admin":
            raise NotAllowedError()

    async def _caller(self, token: str) -> Caller:
        caller = self._callers.get(token)
        if caller is not None and caller.expires > time.time():
            self._callers.move_to_end(token)
            return caller
        self._callers.pop(token, None)
        caller = await self._verifier.verify(token)
        self._callers[token] = caller
        if len(self._callers) > REMEMBERED:
            self._callers.popitem(last=False)
        return caller
