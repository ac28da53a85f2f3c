"""Tokens that resemble good ones and must not count."""

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from typing import Any

from authentication_testing import Service, claims, part
from joserfc import jwt
from joserfc.jwk import ECKey


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unsigned(header: dict[str, Any], body: dict[str, Any]) -> str:
    return f"{b64(json.dumps(header).encode())}.{b64(json.dumps(body).encode())}"


def hs256(header: dict[str, Any], body: dict[str, Any], key: bytes) -> str:
    text = unsigned(header, body)
    return f"{text}.{b64(hmac.digest(key, text.encode(), hashlib.sha256))}"


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
