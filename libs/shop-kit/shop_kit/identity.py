"""Who is asking: every service verifies the access token itself, so a request past the gateway gains nothing."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Annotated, Any

import aiohttp
from fastapi import Depends, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, OctKey

from shop_kit.errors import NotAllowedError, NotSignedInError, UnavailableError
from shop_kit.settings import TokenSettings

REMEMBERED = 10_000
"""Tokens remembered, at most; the one unused for longest goes first."""
RELOAD_SECONDS = 10.0
"""An unknown key id makes the key set be read again, at most this often."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The verified holder of an access token; `expires` is a Unix time in seconds."""

    email: str
    role: str
    expires: int


class TokenVerifier:
    """Verifies access tokens with authentication-ms' public keys, or with the shared HS256 secret.

    A token is verified once and remembered until it expires. Only tokens that proved good are, so garbage can't push
    them out. Whoever has the keys at hand gives them as `keys`; the others read them from authentication-ms.
    """

    def __init__(self, settings: TokenSettings, keys: KeySet | None = None):
        self._callers: OrderedDict[str, Caller] = OrderedDict()
        self._at_hand = keys
        self._algorithm = settings.jwt_token_alg
        self._jwks_url = settings.authentication_service_url.rstrip("/") + "/.well-known/jwks.json"
        self._keys: KeySet | None = None
        self._secret: Key | None = None
        self._loaded_at = float("-inf")
        self._loading = asyncio.Lock()
        if settings.jwt_access_token_secret_key is not None and self._algorithm == "HS256":
            self._secret = OctKey.import_key(settings.jwt_access_token_secret_key.get_secret_value())

    async def verify(self, token: str) -> Caller:
        """The token's holder.

        Raises NotSignedInError with `Token expired` or `Incorrect token`, and UnavailableError while there are no keys.
        """
        caller = self._callers.get(token)
        if caller is not None and caller.expires > time.time():
            self._callers.move_to_end(token)
            return caller
        self._callers.pop(token, None)
        caller = self._callers[token] = await self._verify(token)
        if len(self._callers) > REMEMBERED:
            self._callers.popitem(last=False)
        return caller

    async def _verify(self, token: str) -> Caller:
        try:
            decoded = await self._decode(token)
            email, role, expires = (decoded.claims[name] for name in ("email", "role", "exp"))
            # Another issuer that has the key may say this; ours does not (RFC 7519, 4.1.5).
            too_early = not decoded.claims.get("nbf", 0) <= time.time()
        except (JoseError, KeyError, ValueError, TypeError, RecursionError) as error:
            raise NotSignedInError("Incorrect token") from error
        # bool is an int in Python, and a float could be NaN, which never expires.
        if too_early or type(expires) is not int or not isinstance(email, str) or role not in ("user", "admin"):
            raise NotSignedInError("Incorrect token")
        if expires <= time.time():
            raise NotSignedInError("Token expired")
        return Caller(email, role, expires)

    async def _decode(self, token: str) -> jwt.Token:
        if self._secret is not None:
            return jwt.decode(token, self._secret, algorithms=[self._algorithm])
        keys = self._keys or await self._load()
        try:
            return jwt.decode(token, keys, algorithms=[self._algorithm])
        except (JoseError, ValueError):
            newer = await self._load()
            if newer is keys:
                raise
            return jwt.decode(token, newer, algorithms=[self._algorithm])

    async def _load(self) -> KeySet:
        if self._at_hand is not None:
            return self._at_hand
        async with self._loading:
            if self._keys is not None and time.monotonic() - self._loaded_at < RELOAD_SECONDS:
                return self._keys
            try:
                timeout = aiohttp.ClientTimeout(total=3)
                async with (
                    aiohttp.ClientSession(timeout=timeout) as session,
                    session.get(self._jwks_url) as answer,
                ):
                    answer.raise_for_status()
                    document: Any = await answer.json()
                    self._keys = KeySet.import_key_set(document)
            except (aiohttp.ClientError, TimeoutError, ValueError, JoseError) as error:
                if self._keys is None:
                    raise UnavailableError() from error
            self._loaded_at = time.monotonic()
            return self._keys


async def current_caller(request: Request) -> Caller:
    """The signed-in caller of a request, by its `Authorization: Bearer` header."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedInError()
    verifier: TokenVerifier = request.app.state.verifier
    return await verifier.verify(token.strip())


async def current_admin(caller: Annotated[Caller, Depends(current_caller)]) -> Caller:
    if caller.role != "admin":
        raise NotAllowedError()
    return caller


SignedIn = Annotated[Caller, Depends(current_caller)]
Admin = Annotated[Caller, Depends(current_admin)]
