"""Which secrets are too weak for production: short, or made of what everybody tries first."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, SecretStr

LEAST = 16
LEAST_OF_A_KEY = 32
"""Bytes: a key of HS256 has to be as long as its hash (RFC 7518, 3.2)."""
FEWEST_DIFFERENT = 4

_WELL_KNOWN = re.compile(
    r"(admin|aaa|bbb|ccc|changeme|changeit|com|default|example|guest|key|kafka|mongo|mongodb|my|pass|passwd|password|"
    r"please|qwerty|replace|root|secret|shop|test|the|token|user|your)*"
)


def weaknesses(settings: BaseModel) -> list[str]:
    """Each weak secret among the fields, by its variable's name and without its value: what is wrong with it.

    Of a database's address it is the password within. A field whose name ends with `_secret_key` is a key of HS256.
    """
    found = ((name.upper(), _weakness(name, secret)) for name, secret in _secrets(settings))
    return [f"{name}: {weakness}" for name, weakness in found if weakness]


def _secrets(settings: BaseModel) -> Iterator[tuple[str, str]]:
    for name, value in settings:
        if isinstance(value, SecretStr):
            secret = value.get_secret_value()
            if "://" not in secret:
                yield name, secret
            elif (password := urlsplit(secret).password) is not None:
                yield name, unquote(password)


def _weakness(name: str, secret: str) -> str | None:
    if name.endswith("_secret_key"):
        if len(secret.encode()) < LEAST_OF_A_KEY:
            return f"shorter than {LEAST_OF_A_KEY} bytes"
    elif len(secret) < LEAST:
        return f"a password shorter than {LEAST} characters"
    letters = re.sub(r"[^a-z]", "", secret.lower())
    if (letters and _WELL_KNOWN.fullmatch(letters)) or len(set(secret)) < FEWEST_DIFFERENT:
        return "easily guessed"
    return None
