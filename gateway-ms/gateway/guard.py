"""Who may pass.

The services verify the token again themselves: the gateway only keeps away what is refused anyway.
"""

from shop_kit.errors import NotAllowedError, NotSignedInError
from shop_kit.identity import TokenVerifier

from gateway.routes import Who


class Guard:
    """Admits callers to routes."""

    def __init__(self, verifier: TokenVerifier):
        self._verifier = verifier

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
        caller = await self._verifier.verify(token)
        if who is not Who.SIGNED_IN and caller.role != "admin":
            raise NotAllowedError()
