"""An outage is told in a few lines, whatever the load: that it began and why, that it lasts, that it is over.

- A warning with the same text passes once, then at most every ten seconds, with the number of those held back.
- A line with `ends="<text of a warning>"` says that the warning's cause is gone. It passes only if the warning did
  before, with the seconds since its first time; so whoever works says it after each success, and need not remember.
- What the libraries of databases and brokers say of an outage counts as one warning a library, without a stack. That a
  login or a certificate was refused is a warning of its own: it passes beside those of an outage.

An error (a bug, a dead letter) and what is worse are never held back, nor is what says that something happened.
"""

import logging
import ssl
import time
from dataclasses import dataclass
from typing import Any

from aiokafka.errors import KafkaError

EVERY_SECONDS = 10.0
LIBRARIES = ("aiokafka", "pymongo", "aiohttp", "asyncio")


@dataclass
class _Trouble:
    told: float = float("-inf")
    began: float | None = None
    open: bool = False
    held_back: int = 0


class Repeats(logging.Filter):
    """Holds repeated warnings back: a filter of the one handler, where our own lines and the libraries' meet."""

    def __init__(self) -> None:
        super().__init__()
        self._troubles: dict[str, _Trouble] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written; adds to it what was held back and how long the trouble lasted."""
        if isinstance(record.msg, dict):
            event = record.msg
            if "ends" in event:
                return self._over(event)
            return record.levelno != logging.WARNING or self._passes(event["event"], event)
        library = record.name.partition(".")[0]
        if library not in LIBRARIES or record.levelno < logging.WARNING or not _of_an_outage(record):
            return True
        if record.exc_info:
            record.msg = f"{record.getMessage()}: {record.exc_info[1]!r}"[:300]
            record.args, record.exc_info, record.exc_text = (), None, None
        extra: dict[str, Any] = {}
        passes = self._passes(library + _refusal(record), extra)
        if extra:
            record.msg, record.args = f"{record.getMessage()} (and {extra['held_back']} lines held back)", ()
        return passes

    def _passes(self, text: str, event: dict[str, Any]) -> bool:
        now, trouble = time.monotonic(), self._troubles.setdefault(text, _Trouble())
        if trouble.began is None:
            trouble.began = now
        if now - trouble.told < EVERY_SECONDS:
            trouble.held_back += 1
            return False
        if trouble.held_back:
            event["held_back"] = trouble.held_back
        trouble.told, trouble.open, trouble.held_back = now, True, 0
        return True

    def _over(self, event: dict[str, Any]) -> bool:
        trouble = self._troubles.get(event.pop("ends"))
        if trouble is None or trouble.began is None:
            return False
        began, trouble.began = trouble.began, None
        if not trouble.open:
            return False
        event |= {"seconds": round(time.monotonic() - began, 1), "held_back": trouble.held_back}
        trouble.open, trouble.held_back = False, 0
        return True


def _of_an_outage(record: logging.LogRecord) -> bool:
    """A stack of anything else than a lost connection or a time that is over may be a bug's."""
    error = record.exc_info[1] if record.exc_info else None
    return (
        error is None
        or isinstance(error, OSError)
        or type(error).__module__.partition(".")[0] in (*LIBRARIES, "concurrent")
    )


def _refusal(record: logging.LogRecord) -> str:
    """What kind of error says that the broker, or our side, refused the other; empty if none does."""
    for told in record.args if isinstance(record.args, tuple) else ():
        if isinstance(told, ssl.SSLError) or (isinstance(told, KafkaError) and not told.retriable):
            return type(told).__name__
    return ""
