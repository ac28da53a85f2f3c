"""The words that a product is found by: cut and folded the same way where it is stored and where it is asked for.

A word is a run of letters and digits, without regard to case and accents; `chef's` is one word. Only its first
LETTERS letters count, and of a product its first WORDS words. So a product has at most 1,200 prefixes.
"""

import re
import unicodedata

LETTERS = 12
WORDS = 100
_APOSTROPHES = re.compile("['\u2019]")
_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """Each word once, in the order of the text."""
    parted = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    folded = "".join(c for c in _APOSTROPHES.sub("", parted) if not unicodedata.combining(c))
    return list(dict.fromkeys(word[:LETTERS] for word in _WORD.findall(folded)))


def prefixes_of(text: str) -> list[str]:
    """Every prefix of every word, sorted; the empty one too, even of no word: all products have it in common."""
    words = words_of(text)[:WORDS]
    return sorted({"", *(word[:end] for word in words for end in range(1, len(word) + 1))})
