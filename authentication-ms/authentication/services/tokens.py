"""Access and refresh tokens: made here, and refresh tokens also read here.

The two kinds can't stand in for each other: a refresh token says so in its header (`typ`, as RFC 8725 section 3.11
advises) and has no `role`, without which nobody takes it for an access token.
"""

import time
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

from authentication.errors import IncorrectTokenError
from authentication.models import User
from authentication.services.keys import Keys

REFRESH_TYPE = "refresh+jwt"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a refresh token stands for: an account, until that signs out everywhere."""

    email: str
    subject: str
    generation: int

    def covers(self, user: User) -> bool:
        """Whether it was given to this very account, and not before its last sign-out everywhere."""
        return self.subject == str(user.id) and self.generation == user.generation


class Tokens:
    """Makes tokens that live for the given numbers of minutes."""

    def __init__(self, keys: Keys, access_minutes: int, refresh_minutes: int):
        self._keys = keys
        self._access_seconds = access_minutes * 60
        self._refresh_seconds = refresh_minutes * 60

    def access(self, user: User) -> str:
        """An access token; clients rely on the order of its first three claims."""
        now = int(time.time())
        claims = {"email": user.email, "role": user.role, "exp": now + self._access_seconds, "iat": now}
        return self._sign("JWT", claims, self._keys.access)

    def refresh(self, user: User) -> str:
        """A refresh token, good until it expires or its account signs out everywhere."""
        now = int(time.time())
        claims = {
            "email": user.email,
            "sub": str(user.id),
            "generation": user.generation,
            "exp": now + self._refresh_seconds,
            "iat": now,
        }
        return self._sign(REFRESH_TYPE, claims, self._keys.refresh)

    def read_refresh(self, token: str) -> Grant:
        """What `token` stands for; raises IncorrectTokenError if it is forged, expired or not a refresh token."""
        claims = self._verified(token)
        match claims:
            case {"email": str(email), "sub": str(subject), "generation": int(generation), "exp": int(expires)}:
                if expires > time.time():
                    return Grant(email, subject, generation)
        raise IncorrectTokenError()

    def _sign(self, kind: str, claims: dict[str, Any], key: Key) -> str:
        header = {"alg": self._keys.algorithm, "typ": kind}
        if key.kid is not None:
            header["kid"] = key.kid
        return jwt.encode(header, claims, key, algorithms=[self._keys.algorithm])

    def _verified(self, token: str) -> dict[str, Any]:
        for key in self._keys.accepted:
            try:
                decoded = jwt.decode(token, key, algorithms=[self._keys.algorithm])
            except (JoseError, ValueError, TypeError):
                continue
            if decoded.header.get("typ") == REFRESH_TYPE:
                return decoded.claims
        raise IncorrectTokenError()
