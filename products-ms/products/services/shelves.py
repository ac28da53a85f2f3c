"""The products as shoppers browse them: page by page, in the order and with the words they ask for."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bson import ObjectId
from shop_kit.names import name_key

from products.domain.cursors import cursor_at, key_at
from products.domain.wanted import Sort, Wanted
from products.errors import BadListingError, UnknownCategoryError, UnknownProductError
from products.models import Product
from products.repositories.categories import Categories
from products.repositories.listings import Listings
from products.repositories.products import Products


@dataclass(frozen=True, slots=True)
class Page:
    """`next` is the cursor of the page after it; None on the last."""

    products: list[Product]
    next: str | None = None


def listing_name(sort: Sort, found_by: Sequence[str | ObjectId]) -> str:
    """What a cursor is bound to."""
    return json.dumps([sort, *map(str, found_by)])


class Shelves:
    def __init__(self, products: Products, listings: Listings, categories: Categories):
        self._products = products
        self._listings = listings
        self._categories = categories

    async def page(self, wanted: Wanted, name: str | None = None, category: str | None = None) -> Page:
        """The one with `name`; or those wanted, of `category` if given. An empty filter counts as none.

        Raises UnknownProductError or UnknownCategoryError if what is named does not exist, and BadListingError for a
        cursor of another listing.
        """
        if name:
            return await self._named(name, wanted)
        # The longest word first: it leaves the least to look at.
        found_by: list[str | ObjectId] = [*sorted(wanted.words, key=lambda word: (-len(word), word))]
        found_by += await self._category(category)
        listing = listing_name(wanted.sort, found_by)
        after = None if wanted.cursor is None else key_at(wanted.cursor, listing)
        # One more than asked for tells whether there is a next page.
        found = await self._listings.page(found_by, wanted.sort, after, wanted.limit + 1)
        shown = found[: wanted.limit]
        products = await self._products.with_ids([key for key, _ in shown])
        return Page(products, cursor_at(shown[-1][1], listing) if len(found) > len(shown) else None)

    async def _named(self, name: str, wanted: Wanted) -> Page:
        if wanted.cursor is not None:
            raise BadListingError("cursor belongs to another filter: a name has one page")
        if (found := await self._products.named(name)) is None:
            raise UnknownProductError()
        return Page([found])

    async def _category(self, category: str | None) -> list[ObjectId]:
        if not category:
            return []
        known = await self._categories.named([category])
        if not known:
            raise UnknownCategoryError()
        return [known[name_key(category)].id]
