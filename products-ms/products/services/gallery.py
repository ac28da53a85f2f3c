"""The pictures of products: made, stored, and only then pointed at."""

from shop_kit.bounded_threads import BoundedThreads

from products.domain.pictures import pictures_of
from products.errors import UnknownPictureError, UnknownProductError
from products.models import Product
from products.repositories.pictures import Pictures
from products.repositories.products import Products

AT_ONCE = 1
"""Uploads turned into pictures at the same time: the largest takes 400 MiB and a core."""
QUEUE = 2
"""How many more may wait. Even if each is of the slowest, the last is done before the gateway gives it up."""


class Gallery:
    """Close it when done."""

    def __init__(self, products: Products, pictures: Pictures):
        self._products = products
        self._pictures = pictures
        self._threads = BoundedThreads("pictures", AT_ONCE, QUEUE)

    async def hang(self, slug: str, upload: bytes) -> Product:
        """The product, with the upload as its picture. The same upload again changes nothing.

        Raises UnknownProductError, NotAPictureError, PictureTooBigError, and UnavailableError if too many are waiting.
        """
        pictures = await self._threads.run(lambda: pictures_of(upload))
        await self._pictures.add(pictures)
        pictured = await self._products.set_picture(slug, [picture.size for picture in pictures])
        if not pictured or (product := await self._products.with_slug(slug)) is None:
            raise UnknownProductError()
        return product

    async def picture(self, key: str) -> bytes:
        """The WebP file; raises UnknownPictureError."""
        if (found := await self._pictures.data(key)) is None:
            raise UnknownPictureError()
        return found

    async def close(self) -> None:
        await self._threads.close()
