"""The development data has a drawing for each of its products, which looks like an upload to whoever asks."""

from products.repositories.start_data import _pictures
from products_pictures import shown
from products_testing import Shop

EXPECTED = [(320, 240), (640, 480), (1280, 960)]


async def test_each_product_has_its_picture(shop: Shop) -> None:
    products = (await shop.get("/products")).json()["products"]
    assert len(products) == 32
    seen = set()
    for product in products:
        sizes = product["picture"]["sizes"]
        assert [(size["width"], size["height"]) for size in sizes] == EXPECTED, product["name"]
        for size in sizes:
            served = await shop.get(size["path"])
            assert (served.status_code, served.headers["content-type"]) == (200, "image/webp")
            assert shown(served.content).size == (size["width"], size["height"])
            seen.add(served.content)
    assert len(seen) == 3 * len(products)


def test_without_a_drawing_there_is_no_picture() -> None:
    assert _pictures("no-such-product") == []
