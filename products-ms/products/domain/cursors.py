"""A cursor names a place in one listing: the last key of a page, and a digest of what is listed and in which order.

It is no secret and is not signed: one that is made up is a place too, or is refused.
"""

import base64
import hashlib

from products.errors import BadListingError

_DIGEST = 8


def cursor_at(key: str, listing: str) -> str:
    """The cursor that continues `listing` after `key`."""
    return base64.urlsafe_b64encode(_digest(listing) + key.encode()).decode().rstrip("=")


def key_at(cursor: str, listing: str) -> str:
    """The key of a cursor; raises BadListingError if it is none of this listing."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        key = raw[_DIGEST:].decode()
    except ValueError as error:
        raise BadListingError("cursor is not one that this shop gave") from error
    if raw[:_DIGEST] != _digest(listing):
        raise BadListingError("cursor belongs to another sort or filter: ask without it to begin anew")
    return key


def _digest(listing: str) -> bytes:
    return hashlib.sha256(listing.encode()).digest()[:_DIGEST]
