"""Every service verifies the token itself, by the published keys or by the shared secret."""

import asyncio
import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from shop_kit import identity
from shop_kit.errors import NotSignedInError, UnavailableError
from shop_kit.identity import Caller, TokenVerifier
from shop_kit.settings import TokenSettings

SECRET = "0123456789abcdef0123456789abcdef"
SOON = int(time.time()) + 600
CLAIMS: dict[str, Any] = {"email": "ann@example.test", "role": "user", "exp": SOON}
ANN = Caller("ann@example.test", "user", SOON)


class Keys:
    """What authentication-ms publishes, and how often it was read."""

    def __init__(self) -> None:
        self.private = [ECKey.generate_key("P-256", {"kid": "one"})]
        self.reads, self.broken = 0, False

    async def answer(self, request: web.Request) -> web.Response:
        self.reads += 1
        if self.broken:
            return web.Response(status=500)
        return web.json_response({"keys": [key.as_dict(private=False) for key in self.private]})

    def token(self, key: ECKey | None = None, **changes: Any) -> str:
        key = key or self.private[0]
        return jwt.encode({"alg": "ES256", "kid": key.kid}, CLAIMS | changes, key, algorithms=["ES256"])


@pytest.fixture
async def keys() -> Keys:
    return Keys()


@pytest.fixture
async def verifier(keys: Keys) -> AsyncIterator[TokenVerifier]:
    app = web.Application()
    app.router.add_get("/.well-known/jwks.json", keys.answer)
    async with TestServer(app) as server:
        url = str(server.make_url("/"))
        yield TokenVerifier(TokenSettings(jwt_token_alg="ES256", authentication_service_url=url))


def b64(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def hs256(payload: str, key: bytes) -> str:
    text = f"{b64({'alg': 'HS256', 'kid': 'one'})}.{b64(payload.encode())}"
    return f"{text}.{b64(hmac.digest(key, text.encode(), hashlib.sha256))}"


async def refused(verifier: TokenVerifier, token: str) -> str:
    with pytest.raises(NotSignedInError) as refusal:
        await verifier.verify(token)
    assert refusal.value.status == 401
    return refusal.value.detail


async def test_a_good_token_names_its_holder_and_keys_are_read_once(keys: Keys, verifier: TokenVerifier) -> None:
    callers = await asyncio.gather(*(verifier.verify(keys.token(extra=n)) for n in range(20)))
    assert set(callers) == {ANN}
    assert keys.reads == 1


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"exp": int(time.time()) - 1}, "Token expired"),
        ({"exp": SOON + 0.5}, "Incorrect token"),
        ({"exp": str(SOON)}, "Incorrect token"),
        ({"exp": True}, "Incorrect token"),
        ({"exp": None}, "Incorrect token"),
        ({"nbf": SOON}, "Incorrect token"),
        ({"nbf": "0"}, "Incorrect token"),
        ({"nbf": float("nan")}, "Incorrect token"),
        ({"role": "root"}, "Incorrect token"),
        ({"role": ["admin"]}, "Incorrect token"),
        ({"role": {}}, "Incorrect token"),
        ({"email": None}, "Incorrect token"),
        ({"email": {"$ne": ""}}, "Incorrect token"),
    ],
)
async def test_bad_claims_are_refused(
    keys: Keys, verifier: TokenVerifier, changes: dict[str, Any], detail: str
) -> None:
    assert await refused(verifier, keys.token(**changes)) == detail


async def test_forgeries_are_refused(keys: Keys, verifier: TokenVerifier) -> None:
    head, payload, signature = keys.token().split(".")
    public = keys.private[0].as_pem(private=False)
    admin = b64(CLAIMS | {"role": "admin"})
    for token in [
        f"{b64({'alg': 'none'})}.{admin}.",
        f"{b64({'alg': 'none', 'kid': 'one'})}.{payload}.{signature}",
        f"{head}.{admin}.{signature}",
        f"{head}.{payload}.",
        f"{head}.{payload}",
        hs256(json.dumps(CLAIMS), public),
        keys.token(ECKey.generate_key("P-256", {"kid": "one"})),
        f"{b64({'alg': 5})}.{payload}.{signature}",
        f"{b64([])}.{payload}.{signature}",
        f"{b64(b'[' * 380)}.{payload}.{signature}",
        f"{b64(b'[' * 100_000)}.{payload}.{signature}",
        f"{head}.{b64(b'[' * 100_000)}.{signature}",
        *(keys.token() + spelled for spelled in ("=", "!", ".", " ", "\n", "é")),
        f"{head}.{payload[:5]}!{payload[5:]}.{signature}",
        *("", ".", "..", "...", "x.y.z", "é.é.é", "\x00", "a" * 100_000, "\ud800"),
    ]:
        assert (await refused(verifier, token), token[:80]) == ("Incorrect token", token[:80])


async def test_a_signed_claim_set_that_is_none_is_refused() -> None:
    verifier = TokenVerifier(_hs256())
    for payload in ("[]", "null", "5", '"x"', "[" * 50_000, '{"exp": ' + "9" * 5000 + "}", '{"exp": NaN}', "{}", ""):
        assert (await refused(verifier, hs256(payload, SECRET.encode())), payload[:20]) == (
            "Incorrect token",
            payload[:20],
        )
    assert await verifier.verify(hs256(json.dumps(CLAIMS), SECRET.encode())) == ANN


async def test_a_remembered_token_expires(keys: Keys, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch) -> None:
    token = keys.token()
    assert await verifier.verify(token) == ANN
    monkeypatch.setattr(time, "time", lambda: SOON - 0.1)
    assert await verifier.verify(token) == ANN
    monkeypatch.setattr(time, "time", lambda: SOON)
    assert await refused(verifier, token) == "Token expired"


async def test_a_new_key_is_read_but_not_for_every_forgery(
    keys: Keys, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await verifier.verify(keys.token()) == ANN
    keys.private.insert(0, ECKey.generate_key("P-256", {"kid": "two"}))
    for _ in range(30):
        assert await refused(verifier, keys.token()) == "Incorrect token"
    assert keys.reads == 1
    later = time.monotonic() + identity.RELOAD_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert await asyncio.gather(*(verifier.verify(keys.token(extra=n)) for n in range(10))) == [ANN] * 10
    assert await verifier.verify(keys.token(keys.private[1])) == ANN
    assert keys.reads == 2


async def test_without_keys_nobody_is_refused_or_let_in(keys: Keys, verifier: TokenVerifier) -> None:
    keys.broken = True
    with pytest.raises(UnavailableError):
        await verifier.verify(keys.token())
    keys.broken = False
    assert await verifier.verify(keys.token()) == ANN


async def test_known_keys_outlive_an_outage(
    keys: Keys, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    await verifier.verify(keys.token())
    keys.broken = True
    later = time.monotonic() + identity.RELOAD_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    stranger = ECKey.generate_key("P-256", {"kid": "three"})
    assert await refused(verifier, keys.token(stranger)) == "Incorrect token"
    assert keys.reads == 2
    assert await verifier.verify(keys.token(again=True)) == ANN


def _hs256() -> TokenSettings:
    return TokenSettings.model_validate({"jwt_token_alg": "HS256", "jwt_access_token_secret_key": SECRET})


async def test_the_shared_secret_of_the_first_version() -> None:
    verifier = TokenVerifier(_hs256())
    token = jwt.encode({"alg": "HS256"}, CLAIMS, OctKey.import_key(SECRET))
    assert await verifier.verify(token) == ANN
    other = jwt.encode({"alg": "HS256"}, CLAIMS, OctKey.import_key(SECRET[::-1]))
    assert await refused(verifier, other) == "Incorrect token"
    asymmetric = jwt.encode({"alg": "ES256"}, CLAIMS, ECKey.generate_key("P-256"), algorithms=["ES256"])
    assert await refused(verifier, asymmetric) == "Incorrect token"


def test_a_missing_secret_stops_the_service_and_is_named() -> None:
    with pytest.raises(ValueError, match="JWT_ACCESS_TOKEN_SECRET_KEY is missing"):
        TokenSettings(jwt_token_alg="HS256", jwt_access_token_secret_key=None)
