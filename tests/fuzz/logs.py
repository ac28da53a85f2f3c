"""What must not be in the logs."""

import re
from collections.abc import Mapping

_TOKEN = re.compile(r"eyJ[\w-]{10,}\.[\w-]{10,}")


def leaks(logs: Mapping[str, str], password: str) -> list[str]:
    """Tokens, the password and stack traces in the logs of the services."""
    found = []
    for name, text in logs.items():
        for what, there in (
            ("a token", _TOKEN.search(text)),
            ("a password", password in text),
            ("a stack trace", "Traceback (most recent call last)" in text),
        ):
            if there:
                found.append(f"{what} in the log of {name}")
    return found
