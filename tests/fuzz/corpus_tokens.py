"""Tokens of every broken kind: each must be refused, on every route that needs one, and nothing may happen."""

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from random import Random
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from tests.fuzz.callers import Callers
from tests.fuzz.cases import Case, Header, chunked, dumps, request
from tests.fuzz.nasties import spoilt

NO_ENTRY = frozenset({401, 403})
BAD_CLAIMS: list[dict[str, Any]] = [
    *(
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": True},
        {"exp": 9.9e9},
        {"exp": float("nan")},
        {"exp": float("inf")},
    ),
    *(
        {"exp": 0},
        {"exp": -1},
        {"exp": []},
        {"email": None},
        {"email": 5},
        {"email": ["admin@admin.com"]},
        {"role": None},
    ),
    *(
        {"role": "root"},
        {"role": ["admin"]},
        {"role": {"$ne": ""}},
        {"role": "ADMIN"},
        {"role": True},
        {"role": "admin "},
    ),
    *({"nbf": 9_999_999_999}, {"email": {"$gt": ""}}, {"exp": {"$gt": 0}}),
]
HEADERS: list[dict[str, Any]] = [
    *(
        {"alg": "none"},
        {"alg": "None"},
        {"alg": ""},
        {"alg": None},
        {"alg": "HS256"},
        {"alg": "RS256"},
        {"alg": "ES512"},
        {},
    ),
    *(
        {"kid": "../../dev/null"},
        {"kid": "' OR 1=1"},
        {"kid": 5},
        {"kid": None},
        {"jku": "http://127.0.0.1:1/keys"},
        {"typ": "x"},
    ),
    *(
        {"x5u": "http://127.0.0.1:1/c"},
        {"x5c": ["MIIB"]},
        {"crit": ["b64"], "b64": False},
        {"zip": "DEF"},
        {"cty": "JWT"},
    ),
]


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Tokens:
    def __init__(self, callers: Callers):
        self._callers = callers
        self._strange = ECKey.generate_key("P-256", {"kid": str(callers.key.kid)})
        self._public = callers.key.as_pem(private=False)

    def case(self, random: Random, number: int) -> Case:
        slug = random.choice(self._callers.slugs)
        verb, path, body = random.choice(
            [
                ("POST", "/api/orders", {"products": [{"name": self._callers.names[0], "quantity": 1}]}),
                ("POST", "/api/products", {"product": {"name": f"forged {number}", "price": 1, "quantity": 1}}),
                ("POST", f"/api/products/{slug}/restock", {"delta": 1}),
                ("POST", "/api/categories", {"name": f"forged {number}"}),
                ("POST", "/api/logout-everywhere", {}),
                ("GET", "/api/orders", None),
                ("GET", f"/api/orders/{'7' * 24}", None),
            ]
        )
        data = None if body is None else dumps(body)
        way = random.random()
        if way < 0.15:
            token = random.choice([self._callers.signed_in["access_token"], *self.refresh_refused(random)])
            return self._refresh(random, token)
        if way < 0.25:
            return self._odd_headers(random, verb, path, data)
        # A refresh token, however good, opens nothing.
        token = self._callers.signed_in["refresh_token"] if way < 0.3 else self.forged(random)
        # What no header may hold is refused before anyone takes it for a token.
        allowed = NO_ENTRY if token.isprintable() else NO_ENTRY | {400}
        said: list[Header] = [("Authorization", "Bearer " + token)]
        return self._callers.call(random, "tokens", verb, path, data, said, role="", allowed=allowed)

    def forged(self, random: Random) -> str:
        """A token that must not count, though it resembles a good one."""
        good = random.choice([self._callers.admin, *self._callers.users.values()])
        head, claims, signature = good.split(".")
        way = random.randrange(9)
        if way == 0:
            return self._signed(random.choice(BAD_CLAIMS))
        if way == 1:
            said = {"alg": "ES256", "kid": self._callers.key.kid} | random.choice(HEADERS)
            first = b64(json.dumps(said).encode()) + "." + claims
            return (
                random.choice([first + ".", first + "." + signature, f"{first}.{self._mac(first)}"])
                if said
                != {
                    "alg": "ES256",
                    "kid": self._callers.key.kid,
                }
                else first + "."
            )
        if way == 2:
            strange = {"email": "admin@admin.com", "role": "admin", "exp": int(time.time()) + 900}
            return jwt.encode({"alg": "ES256"} | {"jwk": self._strange.as_dict(private=False)}, strange, self._strange)
        if way == 3:
            missing = random.choice(["email", "role", "exp"])
            return self._signed({missing: ...})
        if way == 4:
            return self._callers.token("admin@admin.com", "admin", seconds=-random.randint(0, 100_000))
        if way == 5:
            promoted = b64(json.dumps({"email": "admin@admin.com", "role": "admin", "exp": 9_999_999_999}).encode())
            return f"{head}.{promoted}.{signature}"
        if way == 6:
            return random.choice(
                [good[:-1], good[:-10], f"{head}.{claims}", f"{head}.{claims}.", good + ".x", good + "=="]
            )
        if way == 7:
            return self._callers.gone["refresh_token"]
        return random.choice(
            [
                *(
                    "",
                    ".",
                    "..",
                    "....",
                    "null",
                    "undefined",
                    "e30.e30.e30",
                    "a" * 8_000,
                    "é.é.é",
                    "\x7f",
                    "\t",
                    "{}",
                    "W10.W10.W10",
                ),
                f"{b64(b'[' * 9_000)}.{claims}.{signature}",
                f"{b64(b'{' * 3000)}.{b64(b'[' * 9_000)}.{signature}",
                f"{head}.{b64(b'9' * 5_000)}.{signature}",
                f"{b64(dumps({'alg': 'ES256', 'kid': chr(0xD800)}))}.{claims}.{signature}",
            ]
        )

    def refresh_refused(self, random: Random) -> list[str]:
        """Refresh tokens that were good once, or that another key signed."""
        fresh = self._callers.signed_in["refresh_token"]
        cut = spoilt(random, fresh.encode()).decode("latin-1")
        return [
            *(self._callers.signed_out["refresh_token"], self._callers.gone["refresh_token"], fresh + ".", cut + "!"),
            self.forged(random),
        ]

    def _refresh(self, random: Random, token: str) -> Case:
        body = dumps({"refresh_token": token})
        return self._callers.call(random, "tokens", "POST", "/api/refresh", body, role="", allowed=NO_ENTRY)

    def _odd_headers(self, random: Random, verb: str, path: str, data: bytes | None) -> Case:
        """Good tokens that are said in a way that does not count."""
        good = random.choice(list(self._callers.users.values()))
        ways: list[list[Header]] = [
            [("Authorization", f"Bearer {good}"), ("authorization", f"Bearer {self._callers.admin}")],
            [("Authorization", f"Basic {good}")],
            [("Authorization", good)],
            [("Authorization", f"Bearer{good}")],
            [("Authorization", f"Bearer {good} {good}")],
            [("Authorization", f"Bearer {good},Bearer {good}")],
            [("Proxy-Authorization", f"Bearer {good}")],
            [("X-Authorization", f"Bearer {good}")],
            [("Cookie", f"access_token={good}; Authorization=Bearer {good}")],
            [("Authorization", f"Bearer {good}"), ("Connection", "authorization")],
        ]
        said = random.choice(ways)
        allowed = NO_ENTRY | {400}
        if random.random() < 0.15 and verb == "POST":
            head = request(verb, path, [("Transfer-Encoding", "chunked")])
            trailer = b"0\r\nAuthorization: Bearer %s\r\n\r\n" % good.encode()
            sent = head + chunked(data or b"{}").removesuffix(b"0\r\n\r\n") + trailer
            return Case("tokens", "gateway-ms", (sent,), lone=True, allowed=allowed)
        return Case("tokens", "gateway-ms", (request(verb, path, said, data),), lone=True, allowed=allowed)

    def _signed(self, changed: dict[str, Any]) -> str:
        claims = {"email": "admin@admin.com", "role": "admin", "exp": int(time.time()) + 900} | changed
        said = {name: value for name, value in claims.items() if value is not ...}
        header = {"alg": "ES256", "kid": self._callers.key.kid}
        return jwt.encode(header, said, self._callers.key)

    def _mac(self, text: str) -> str:
        return b64(hmac.digest(self._public, text.encode(), hashlib.sha256))
