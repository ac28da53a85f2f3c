"""Which e-mail addresses are accepted, and when two are the same. Pure functions.

The rule is the dot-atom form of RFC 5321, section 4.1.2, with the letters of RFC 6531 (`é@exämple.fr`), and without
quoted local parts and address literals, which no shop customer has.
"""

import re
import unicodedata

MAX_OCTETS = 254
MAX_LOCAL_OCTETS = 64
MAX_LABEL_OCTETS = 63
_ATOM_SIGNS = frozenset("!#$%&'*+/=?^_`{|}~-")
_DIGITS = re.compile(r"\d+")


def is_acceptable(email: str) -> bool:
    """Whether `email` has the form of an e-mail address."""
    local, at, domain = email.rpartition("@")
    if not at or _octets(email) > MAX_OCTETS or _octets(local) > MAX_LOCAL_OCTETS:
        return False
    labels = domain.split(".")
    return (
        all(atom and all(_is_word(c) or c in _ATOM_SIGNS for c in atom) for atom in local.split("."))
        and len(labels) > 1
        and all(_is_label(label) for label in labels)
        and not _DIGITS.fullmatch(labels[-1])
    )


def normal(email: str) -> str:
    """`email` in Unicode's composed form, as it is stored and shown."""
    return unicodedata.normalize("NFC", email)


def key(email: str) -> str:
    """What two spellings of one address have in common: case does not count.

    The local part is only lower-cased, since folding would make `straße` and `strasse` one account.
    """
    local, at, domain = normal(email).rpartition("@")
    return normal(local.lower() + at + domain.casefold())


def _octets(text: str) -> int:
    # JSON can spell a lone surrogate, which has no UTF-8 form; the rules for letters refuse it.
    return len(text.encode(errors="replace"))


def _is_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char).startswith("M")


def _is_label(label: str) -> bool:
    return (
        0 < _octets(label) <= MAX_LABEL_OCTETS
        and all(_is_word(c) or c == "-" for c in label)
        and not label.startswith("-")
        and not label.endswith("-")
    )
