"""Tokens that resemble good ones and must not count: forged, expired, not valid yet, of the other kind."""

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
from tests.fuzz.cases import dumps
from tests.fuzz.nasties import spoilt

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


TEXTS = [
    *(
        "",
        ".",
        "..",
        "....",
        "null",
        "undefined",
        "e30.e30.e30",
        "W10.W10.W10",
        "a" * 8_000,
        "é.é.é",
        "\x7f",
        "\t",
        "{}",
    ),
]


class Forger:
    """Makes them of the good ones that `callers` have."""

    def __init__(self, callers: Callers):
        self._callers = callers
        self._strange = ECKey.generate_key("P-256", {"kid": str(callers.key.kid)})
        self._public = callers.key.as_pem(private=False)

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
            # A header that says no more than the good one is the good one, however it is spelled.
            return random.choice([first + ".", f"{first}.{signature[::-1]}", f"{first}.{self._mac(first)}"])
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
                *TEXTS,
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

    def _signed(self, changed: dict[str, Any]) -> str:
        claims = {"email": "admin@admin.com", "role": "admin", "exp": int(time.time()) + 900} | changed
        said = {name: value for name, value in claims.items() if value is not ...}
        header = {"alg": "ES256", "kid": self._callers.key.kid}
        return jwt.encode(header, said, self._callers.key)

    def _mac(self, text: str) -> str:
        return b64(hmac.digest(self._public, text.encode(), hashlib.sha256))
