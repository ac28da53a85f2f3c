"""A product's picture through the whole shop: uploaded by an admin, larger than other bodies, and seen by anyone."""

from io import BytesIO

from PIL import Image

from tests.shop import Shop

MIB = 1024 * 1024


def picture() -> bytes:
    """A JPEG of almost 5 MiB: behind its end it may have anything."""
    made = BytesIO()
    Image.new("RGB", (700, 350), (220, 20, 30)).save(made, "JPEG")
    return made.getvalue().ljust(5 * MIB, b"\x00")


async def test_a_picture_of_5_mib_is_stored_and_seen_by_anyone(shop: Shop) -> None:
    name = await shop.add_product(3)
    path, admin = f"/products/{name.replace(' ', '-')}/picture", {"Authorization": f"Bearer {shop.admin}"}
    answer = await shop.http.put(path, content=picture(), headers=admin)
    assert answer.status_code == 200, answer.text
    sizes = answer.json()["picture"]["sizes"]
    assert [(size["width"], size["height"]) for size in sizes] == [(320, 160), (640, 320), (700, 350)]
    for size in sizes:
        served = await shop.http.get(size["path"])
        assert (served.status_code, served.headers["content-type"]) == (200, "image/webp")
        assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert Image.open(BytesIO(served.content)).size == (size["width"], size["height"])
        head = await shop.http.head(size["path"])
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(served.content))
        known = await shop.http.get(size["path"], headers={"If-None-Match": served.headers["etag"]})
        assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", served.headers["etag"])
    # It is stock that was not touched.
    await shop.restock(name, 2)
    product = (await shop.http.get("/products", params={"name": name})).json()["products"][0]
    assert (product["quantity"], product["picture"]) == (5, {"sizes": sizes})


async def test_only_a_picture_may_be_so_large(shop: Shop) -> None:
    admin = {"Authorization": f"Bearer {shop.admin}"}
    for verb, path, size in [("PUT", "/products/chair/picture", 5 * MIB + 1), ("POST", "/products", MIB + 1)]:
        answer = await shop.http.request(verb, path, content=b"x" * size, headers=admin)
        assert (answer.status_code, answer.json()["detail"]) == (413, "The request body is too large")
