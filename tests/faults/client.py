"""Asks the shop through one of its gateways, and notes what came of it."""

import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp
from joserfc import jwt
from joserfc.jwk import ECKey

from tests.faults.history import History, Kind, Request

PATIENCE = aiohttp.ClientTimeout(total=20)
WEEK = 7 * 86_400
"""Tokens outlive every clock that jumps."""


class Client:
    def __init__(self, gateways: Sequence[str], keys: Path, history: History, chance: random.Random):
        self._gateways = gateways
        self._chance = chance
        self._history = history
        self._key = ECKey.import_key((keys / "access-token-key.pem").read_bytes())
        self._key.ensure_kid()
        self._tokens: dict[str, str] = {}
        self._http = aiohttp.ClientSession(timeout=PATIENCE, connector=aiohttp.TCPConnector(limit=100))

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def ask(
        self, kind: Kind, who: str, verb: str, path: str, body: dict[str, Any] | None = None, key: str = ""
    ) -> Request:
        """One request to a gateway chosen by chance; never raises."""
        request = self._history.begin(kind, who, key, body or {})
        headers = {"Authorization": f"Bearer {self._token(who)}"} | ({"Idempotency-Key": key} if key else {})
        url = self._chance.choice(self._gateways) + path
        try:
            async with self._http.request(verb, url, json=body, headers=headers) as answer:
                request.status, request.answer = answer.status, await answer.json(content_type=None)
                request.outcome = "ok" if answer.ok else "unknown" if answer.status >= 500 else "refused"
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            request.answer = type(error).__name__
        request.ended = time.monotonic()
        return request

    def _token(self, who: str) -> str:
        """A token as authentication-ms signs it, without the cost of a password."""
        if who not in self._tokens:
            role = "admin" if who.startswith("admin") else "user"
            claims = {"email": who, "role": role, "exp": int(time.time()) + WEEK}
            self._tokens[who] = jwt.encode({"alg": "ES256", "kid": self._key.kid}, claims, self._key)
        return self._tokens[who]
