"""The development data has drawings, and each looks like an upload to whoever asks."""

from products.repositories.start_data import _pictures
from products_pictures import shown
from products_testing import Shop


async def test_a_drawing_is_served_as_a_picture(shop: Shop) -> None:
    products = (await shop.get("/products")).json()["products"]
    seen = set()
    for product in products:
        sizes = product["picture"]["sizes"]
        assert len(sizes) == 3
        for size in sizes:
            served = await shop.get(size["path"])
            assert (served.status_code, served.headers["content-type"]) == (200, "image/webp")
            assert shown(served.content).size == (size["width"], size["height"])
            seen.add(served.content)
    assert len(seen) == 3 * len(products)


def test_without_a_drawing_there_is_no_picture() -> None:
    assert _pictures("no-such-product") == []
