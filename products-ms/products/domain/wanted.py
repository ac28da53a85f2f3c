"""Which page of the products a shopper asks for."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from products.domain.words import words_of
from products.errors import BadListingError

Sort = Literal["oldest", "newest", "price", "-price", "name"]
SORTS: tuple[Sort, ...] = get_args(Sort)
MOST, MOST_ASKED = 1_000, 100
"""The largest page, and the largest that can be asked for: who asks for none gets the former."""
LONGEST_Q, WORDS_OF_Q = 200, 10
_LIMIT = re.compile(r"[1-9][0-9]?|100")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Products that have every one of `words`, as the beginning of a word of theirs, from the place of `cursor` on."""

    words: tuple[str, ...] = ()
    sort: Sort = "oldest"
    limit: int = MOST
    cursor: str | None = None


def wanted(q: str | None, sort: str | None, limit: str | None, cursor: str | None) -> Wanted:
    """As the texts of a query string say; an empty one counts as none. Raises BadListingError."""
    if sort and sort not in SORTS:
        raise BadListingError(f"sort must be one of {', '.join(SORTS)}")
    if limit and not _LIMIT.fullmatch(limit):
        raise BadListingError(f"limit must be a whole number from 1 to {MOST_ASKED}")
    return Wanted(_words((q or "").strip()), sort or "oldest", int(limit or MOST), cursor or None)


def _words(q: str) -> tuple[str, ...]:
    if len(q) > LONGEST_Q:
        raise BadListingError(f"q must have at most {LONGEST_Q} characters")
    words = words_of(q)
    if len(words) > WORDS_OF_Q:
        raise BadListingError(f"q must have at most {WORDS_OF_Q} words")
    # Signs alone are no word, and so no product has them.
    return tuple(words or [q] if q else [])
