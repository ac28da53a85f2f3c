"""Names are data: compared without regard to case by a stored key, shown lower-cased, and never used as a pattern."""

import re
import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def name_key(name: str) -> str:
    """What two spellings of one name have in common: Unicode NFC, trimmed and case-folded."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name.strip()).casefold())


def _clean(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("must not contain control characters")
    text = unicodedata.normalize("NFC", text.strip())
    if not text:
        raise ValueError("must not be empty")
    return text


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_clean), AfterValidator(str.lower)]
"""A product's or category's name: 1 to 200 characters without control characters, lower-cased."""


def _no_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be a number")
    return value


Count = Annotated[int, BeforeValidator(_no_bool)]
"""A whole number, or its text, as forms send it; `true` is none."""


def slug_of(name: str, otherwise: str) -> str:
    """A name for URLs: ASCII letters, digits and hyphens; `otherwise` if nothing of the name is left."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:80].strip("-") or otherwise
