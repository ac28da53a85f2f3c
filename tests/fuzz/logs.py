"""What must not be in the logs."""

import re

from local_stack.stack import Stack

from tests.fuzz.callers import Callers
from tests.fuzz.memory import SERVICES

_TOKEN = re.compile(r"eyJ[\w-]{10,}\.[\w-]{10,}")


def leaks(stack: Stack, callers: Callers) -> list[str]:
    """Tokens, passwords and stack traces that the services wrote to their logs."""
    found = []
    for name in SERVICES:
        text = stack.log_text(name)
        for what, there in (
            ("a token", _TOKEN.search(text)),
            ("a password", callers.password in text),
            ("a stack trace", "Traceback (most recent call last)" in text),
        ):
            if there:
                found.append(f"{what} in the log of {name}")
    return found
