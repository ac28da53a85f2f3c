"""Access, refresh and session tokens: made here, and the latter two also read here.

No kind can stand in for another: refresh and session tokens say in their header what they are (`typ`, as RFC 8725
section 3.11 advises) and have no `role`, without which nobody takes them for an access token. A refresh token travels
in a body and is good again and again; a session token travels in a browser's cookie and is good for one turn.
"""

import time
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

from authentication.domain.grants import Grant, Turn
from authentication.errors import IncorrectTokenError
from authentication.models import User
from authentication.services.keys import Keys

REFRESH_TYPE = "refresh+jwt"
SESSION_TYPE = "session+jwt"


class Tokens:
    """Makes tokens that live for the given numbers of minutes."""

    def __init__(self, keys: Keys, access_minutes: int, refresh_minutes: int):
        self._keys = keys
        self._access_seconds = access_minutes * 60
        self.refresh_seconds = refresh_minutes * 60

    def access(self, user: User) -> str:
        """An access token; clients rely on the order of its first three claims."""
        now = int(time.time())
        claims = {"email": user.email, "role": user.role, "exp": now + self._access_seconds, "iat": now}
        return self._sign("JWT", claims, self._keys.access)

    def refresh(self, user: User) -> str:
        """A refresh token, good until it expires or its account signs out everywhere."""
        now = int(time.time())
        times = {"exp": now + self.refresh_seconds, "iat": now}
        return self._sign(REFRESH_TYPE, Grant.of(user).claims() | times, self._keys.refresh)

    def session(self, turn: Turn) -> str:
        """The session token of `turn`."""
        place = {"family": turn.family, "turn": turn.number, "exp": turn.expires, "iat": int(time.time())}
        return self._sign(SESSION_TYPE, turn.grant.claims() | place, self._keys.refresh)

    def read_refresh(self, token: str) -> Grant:
        """What `token` stands for; raises IncorrectTokenError if it is forged, expired or not a refresh token."""
        return _grant(self._verified(REFRESH_TYPE, token))

    def read_session(self, token: str) -> Turn:
        """The place of `token`; raises IncorrectTokenError if it is forged, expired or not a session token."""
        claims = self._verified(SESSION_TYPE, token)
        match claims:
            case {"family": str(family), "turn": int(number)}:
                return Turn(_grant(claims), family, number, claims["exp"])
        raise IncorrectTokenError()

    def _sign(self, kind: str, claims: dict[str, Any], key: Key) -> str:
        header = {"alg": self._keys.algorithm, "typ": kind}
        if key.kid is not None:
            header["kid"] = key.kid
        return jwt.encode(header, claims, key, algorithms=[self._keys.algorithm])

    def _verified(self, kind: str, token: str) -> dict[str, Any]:
        for key in self._keys.accepted:
            try:
                decoded = jwt.decode(token, key, algorithms=[self._keys.algorithm])
            except (JoseError, ValueError, TypeError):
                continue
            match decoded.header, decoded.claims:
                case {"typ": str(typ)}, {"exp": int(expires)} if typ == kind and expires > time.time():
                    return decoded.claims
        raise IncorrectTokenError()


def _grant(claims: dict[str, Any]) -> Grant:
    match claims:
        case {"email": str(email), "sub": str(subject), "generation": int(generation)}:
            return Grant(email, subject, generation)
    raise IncorrectTokenError()
