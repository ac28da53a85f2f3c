"""What shoppers see and admins change."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal

from bson import ObjectId
from shop_kit.errors import UnavailableError
from shop_kit.mongo import Mongo, Session
from shop_kit.names import name_key

from products.errors import KeyReusedError, StockLimitError, UnknownCategoryError, UnknownProductError
from products.models import Category, Product
from products.repositories.categories import Categories
from products.repositories.listings import Listings
from products.repositories.products import Products
from products.repositories.restocks import Restocks
from products.services.snapshots import Snapshots

TURN_SECONDS = 5.0
"""How long a restock waits for its turn: less than its client waits for it, or it would be done for nobody."""


class Catalogue:
    def __init__(
        self,
        mongo: Mongo,
        products: Products,
        listings: Listings,
        categories: Categories,
        restocks: Restocks,
        snapshots: Snapshots,
    ):
        self._mongo = mongo
        self._products = products
        self._listings = listings
        self._categories = categories
        self._restocks = restocks
        self._snapshots = snapshots

    async def get(self, slug: str) -> Product:
        if (found := await self._products.with_slug(slug)) is None:
            raise UnknownProductError()
        return found

    async def categories(self) -> Sequence[Category]:
        return await self._categories.all()

    async def category_names(self) -> Mapping[ObjectId, str]:
        return {category.id: category.name for category in await self._categories.all()}

    async def add_category(self, name: str) -> Category:
        return await self._categories.add(name)

    async def add(
        self, name: str, description: str, price: Decimal, quantity: int, categories: Sequence[str]
    ) -> Product:
        """Raises UnknownCategoryError or ProductExistsError."""
        known = await self._categories.named(categories)
        if any(name_key(c) not in known for c in categories):
            raise UnknownCategoryError()
        ids = tuple(dict.fromkeys(known[name_key(c)].id for c in categories))
        new = Product(ObjectId(), name, "", description, price, quantity, ids, 1)

        async def work(session: Session) -> Product:
            # First what may be refused: who comes second with a name then waits for nothing.
            added = await self._products.add(new, session)
            await self._listings.add(added, session)
            return added

        added = await self._mongo.transact(work)
        self._snapshots.tell_soon([added])
        return added

    async def restock(self, slug: str, delta: int, key: str | None) -> Product:
        """Add `delta` pieces (or take them, if negative); with a `key`, once however often it is asked.

        Raises UnknownProductError, StockLimitError, KeyReusedError if the key was for another restock, and
        UnavailableError if too many are waiting.
        """
        changed: list[Product] = []

        async def work(session: Session) -> Product:
            changed.clear()
            if key is not None:
                if (before := await self._restocks.find(key, session)) is not None:
                    if (before["slug"], before["delta"]) != (slug, delta):
                        raise KeyReusedError()
                    return await self.get(slug)
                await self._restocks.add(key, slug, delta, session)
            after = await self._products.restock(slug, delta, session)
            if after is None:
                await self.get(slug)
                raise StockLimitError()
            changed.append(after)
            return after

        async with self._turn():
            product = await self._mongo.transact(work)
        self._snapshots.tell_soon(changed)
        return product

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await self._products.turn.acquire()
        except TimeoutError:
            raise UnavailableError() from None
        try:
            yield
        finally:
            self._products.turn.release()
