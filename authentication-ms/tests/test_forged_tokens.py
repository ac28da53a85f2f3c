"""Tokens that must not count: forged, expired, of the other kind."""

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from authentication_testing import Rows, Service, claims, part
from joserfc import jwt
from joserfc.jwk import ECKey


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unsigned(header: dict[str, Any], body: dict[str, Any]) -> str:
    return f"{b64(json.dumps(header).encode())}.{b64(json.dumps(body).encode())}"


def hs256(header: dict[str, Any], body: dict[str, Any], key: bytes) -> str:
    text = unsigned(header, body)
    return f"{text}.{b64(hmac.digest(key, text.encode(), hashlib.sha256))}"


async def signed_in(service: Service) -> dict[str, str]:
    await service.register("ann@example.test")
    return await service.login("ann@example.test")


def forgeries(service: Service, genuine: str) -> dict[str, str]:
    """Variants of a token that this service made."""
    header, body = part(genuine, 0), claims(genuine)
    key = service.app.state.keys.access
    head, payload, signature = genuine.split(".")
    public = key.as_pem(private=False)
    promoted = b64(json.dumps(body | {"role": "admin", "generation": 0}).encode())
    return {
        "alg none": unsigned(header | {"alg": "none"}, body) + ".",
        "alg none, signed": unsigned(header | {"alg": "none"}, body) + "." + signature,
        "alg NONE": unsigned(header | {"alg": "NONE"}, body) + ".",
        "HS256 with the public key": hs256(header | {"alg": "HS256"}, body, public),
        "HS256 with the public key, stripped": hs256(header | {"alg": "HS256"}, body, public.strip()),
        "HS256 with nothing": hs256(header | {"alg": "HS256"}, body, b""),
        "somebody else's key": jwt.encode(header, body, ECKey.generate_key("P-256"), algorithms=["ES256"]),
        "a key in the header": jwt.encode(
            header | {"jwk": (own := ECKey.generate_key("P-256")).as_dict(private=False)}, body, own
        ),
        "unknown kid": unsigned(header | {"kid": "../../etc/passwd"}, body) + "." + signature,
        "a changed claim": f"{head}.{promoted}.{signature}",
        "no signature": f"{head}.{payload}.",
        "two parts": f"{head}.{payload}",
        "a deep header": b64(b"[" * 380) + f".{payload}.{signature}",
        "a very deep header": b64(b"[" * 100_000) + f".{payload}.{signature}",
        "expired": jwt.encode(header, body | {"exp": int(time.time()) - 1}, key, algorithms=["ES256"]),
        "never expires": jwt.encode(header, {k: v for k, v in body.items() if k != "exp"}, key),
        "expires NaN": jwt.encode(header, body | {"exp": float("nan")}, key),
        "spelled otherwise": genuine + "!",
        "padded": genuine + "==",
        "nothing": "",
        "dots": "...",
        "not ASCII": "é.é.é",
    }


async def test_no_forged_refresh_token_counts(service: Service) -> None:
    genuine = (await signed_in(service))["refresh_token"]
    for name, token in forgeries(service, genuine).items():
        answer = await service.post("/refresh", {"refresh_token": token})
        assert (name, answer.status_code, answer.json()["detail"]) == (name, 401, "Incorrect token")
        assert "Token-Type" not in answer.headers
    assert await service.refreshed_status(genuine) == 200


async def test_no_forged_access_token_counts(service: Service, users: Rows) -> None:
    tokens = await signed_in(service)
    for name, token in forgeries(service, tokens["access_token"]).items():
        header = {"Authorization": f"Bearer {token}".encode()}
        answer = await service.post("/logout-everywhere", headers=header)
        expected = {"expired": "Token expired", "nothing": "You have no access to this resource!"}
        assert (name, answer.status_code) == (name, 401)
        assert answer.json()["detail"] == expected.get(name, "Incorrect token")
    assert await users.count_documents({"token_generation": 0}) == 1
    assert (await service.sign_out_everywhere(tokens["access_token"])).status_code == 204


async def test_one_kind_never_stands_in_for_the_other(service: Service, users: Rows) -> None:
    tokens = await signed_in(service)
    answer = await service.sign_out_everywhere(tokens["refresh_token"])
    assert (answer.status_code, answer.json()["detail"]) == (401, "Incorrect token")
    assert await users.count_documents({"token_generation": 0}) == 1
    assert await service.refreshed_status(tokens["access_token"]) == 401
    key, everything = service.app.state.keys.access, claims(tokens["refresh_token"]) | {"role": "user"}
    disguised = jwt.encode({"alg": "ES256", "kid": key.kid}, everything, key)
    assert await service.refreshed_status(disguised) == 401


@pytest.mark.parametrize("minutes", ["1", "60"])
async def test_the_variables_set_the_life_of_tokens(settings: Any, start: Any, minutes: str) -> None:
    settings.setenv("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", minutes)
    settings.setenv("JWT_REFRESH_TOKEN_EXPIRE_MINUTES", minutes)
    async with start() as service:
        for token in (await signed_in(service)).values():
            assert claims(token)["exp"] - claims(token)["iat"] == int(minutes) * 60
