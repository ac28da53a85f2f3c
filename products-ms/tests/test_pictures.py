"""An admin gives a product its picture, and anyone sees it: at addresses that never change what they show."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from PIL import Image
from products.domain import pictures
from products.services import gallery
from products_pictures import BLUE, RED, file, halves, like, png_of, shown
from products_testing import Shop, eventually, token

MIB = 1024 * 1024
TOO_BIG = "A picture may have at most 40 megapixels, 16383 pixels a side, and four times its width as height"
NO_PICTURE = "This is not a JPEG, PNG, WebP or GIF picture, or it is damaged"


def paths(answer: httpx2.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [size["path"] for size in answer.json()["picture"]["sizes"]]


async def test_a_picture_is_given_and_seen(shop: Shop) -> None:
    await shop.add("tea pot")
    assert (await shop.get("/products/tea-pot")).json()["picture"] is None
    answer = await shop.put_picture("tea-pot", file(halves(1400, 700), "JPEG"))
    sizes = answer.json()["picture"]["sizes"]
    assert [(s["width"], s["height"]) for s in sizes] == [(320, 160), (640, 320), (1280, 640)]
    assert answer.json() == (await shop.get("/products/tea-pot")).json()
    assert answer.json() in (await shop.get("/products")).json()["products"]
    for size in sizes:
        served = await shop.get(size["path"])
        assert (served.status_code, served.headers["content-type"]) == (200, "image/webp")
        assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert served.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert served.headers["x-content-type-options"] == "nosniff"
        image = shown(served.content)
        assert image.size == (size["width"], size["height"])
        assert like(image.getpixel((10, 10)), RED)
        assert like(image.getpixel((size["width"] - 10, 10)), BLUE)


async def test_who_has_it_is_not_sent_it_again(shop: Shop) -> None:
    [path] = paths(await shop.put_picture("chair", file(halves(40, 30))))
    tag = (await shop.get(path)).headers["etag"]
    assert tag == f'"{path.removeprefix("/pictures/").removesuffix(".webp")}"'
    for known in (tag, f"W/{tag}", f'"other", {tag}', f'W/"x",W/{tag}', "*"):
        answer = await shop.client.get(path, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    for other in ("", '"other"', tag.strip('"'), tag[:-2] + '"'):
        answer = await shop.client.get(path, headers={"If-None-Match": other})
        assert (answer.status_code, len(answer.content) > 0) == (200, True)


async def test_what_is_no_picture_of_ours_is_not_found(shop: Shop) -> None:
    [path] = paths(await shop.put_picture("chair", file(halves(40, 30))))
    others = [f"/pictures/{'0' * 32}.webp", path.removesuffix(".webp"), path.replace(".webp", ".png"), path.upper()]
    for other in [*others, "/pictures/.webp", "/pictures/%00.webp", "/pictures/..%2Fstart_data.json", "/pictures/%F0"]:
        answer = await shop.client.get(other, headers={"If-None-Match": "*"})
        assert (other, answer.status_code) == (other, 404)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_another_picture_leaves_the_address_of_the_one_before(shop: Shop) -> None:
    [before] = paths(await shop.put_picture("chair", file(Image.new("RGB", (40, 30), RED))))
    [after] = paths(await shop.put_picture("chair", file(Image.new("RGB", (40, 30), BLUE))))
    assert before != after
    for path, colour in [(before, RED), (after, BLUE)]:
        assert like(shown((await shop.get(path)).content).getpixel((20, 15)), colour)


async def test_the_same_picture_again_changes_nothing(shop: Shop) -> None:
    upload = file(halves(700, 500), "JPEG")
    first = await shop.put_picture("chair", upload)
    before = await shop.store.everything()
    again = await asyncio.gather(*(shop.put_picture("chair", upload) for _ in range(3)))
    assert [answer.json() for answer in again] == [first.json()] * 3
    assert await shop.store.everything() == before
    # Two products may share one.
    assert paths(await shop.put_picture("laptop", upload)) == paths(first)
    assert (await shop.store.everything())["pictures"] == before["pictures"]


async def test_whatever_the_content_type_says(shop: Shop) -> None:
    upload = file(halves(40, 30), "GIF")
    for said in (
        "image/jpeg",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json",
        "multipart/x",
        "",
    ):
        answer = await shop.put_picture("chair", upload, Content_Type=said)
        assert (said, answer.status_code) == (said, 200)


@pytest.mark.parametrize(
    ("upload", "status", "detail"),
    [
        (png_of(50_000, 50_000), 413, TOO_BIG),
        (file(Image.new("1", (10, 41))), 413, TOO_BIG),
        (file(halves(400, 300), "JPEG")[:-300], 415, NO_PICTURE),
        (b"a picture", 415, NO_PICTURE),
        (b"", 415, NO_PICTURE),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', 415, NO_PICTURE),
        (file(halves(40, 30), "BMP"), 415, NO_PICTURE),
        (b"x" * (5 * MIB), 415, NO_PICTURE),
        (b"x" * (5 * MIB + 1), 413, "A picture may have at most 5 MiB"),
    ],
    ids=["bomb", "too high", "truncated", "text", "nothing", "SVG", "BMP", "5 MiB", "5 MiB + 1"],
)
async def test_what_can_not_be_shown_is_refused(shop: Shop, upload: bytes, status: int, detail: str) -> None:
    before = await shop.store.everything()
    answer = await shop.put_picture("chair", upload, Content_Type="image/png")
    assert (answer.status_code, answer.json()["detail"]) == (status, detail)
    assert answer.headers["content-type"] == "application/problem+json"
    assert await shop.store.everything() == before


async def test_a_picture_of_5_mib_is_taken(shop: Shop) -> None:
    # Behind its end a JPEG may have anything.
    upload = file(halves(40, 30), "JPEG")
    assert len(paths(await shop.put_picture("chair", upload.ljust(5 * MIB, b"\x00")))) == 1


async def test_a_body_that_turns_out_too_large_is_read_no_further(shop: Shop) -> None:
    before, sent = await shop.store.everything(), 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b"x" * MIB

    answer = await shop.put_picture("chair", body())
    assert (answer.status_code, answer.json()["detail"], sent) == (413, "A picture may have at most 5 MiB", 6)
    assert await shop.store.everything() == before


async def test_an_unknown_product_gets_none(shop: Shop) -> None:
    before, read = await shop.store.everything(), False

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        read = True
        yield file(halves(40, 30))

    answer = await shop.put_picture("no-such", body())
    assert (answer.status_code, answer.json()["detail"], read) == (404, "The requested product does not exist.", False)
    assert await shop.store.everything() == before


async def test_a_body_that_breaks_off_is_no_bug(shop: Shop) -> None:
    before = await shop.store.everything()
    parts: list[dict[str, Any]] = [
        {"type": "http.request", "body": file(halves(40, 30)), "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return parts.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    transport: Any = shop.client._transport
    scope = {
        **{"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "PUT", "scheme": "http"},
        **{"path": "/products/chair/picture", "raw_path": b"/products/chair/picture", "query_string": b""},
        **{"headers": [(b"authorization", f"Bearer {token('admin')}".encode())], "client": None, "server": None},
    }
    await transport.app(scope, receive, send)
    assert sent[0]["status"] == 400
    assert await shop.store.everything() == before


async def test_one_at_a_time_two_wait_and_the_rest_are_told_to_come_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, running, most = threading.Event(), 0, 0

    def slow(upload: bytes) -> list[pictures.Picture]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        gate.wait(20)
        running -= 1
        return pictures.pictures_of(upload)

    monkeypatch.setattr(gallery, "pictures_of", slow)
    uploads = [file(Image.new("RGB", (40, 30), (50 * n, 0, 0))) for n in range(5)]
    asked = [asyncio.create_task(shop.put_picture("chair", upload)) for upload in uploads]

    async def two_are_refused() -> bool:
        return sum(one.done() for one in asked) == 2

    await eventually(two_are_refused)
    assert (await shop.get("/products")).status_code == 200
    gate.set()
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 503, 503]
    assert {a.headers["retry-after"] for a in answers if a.status_code == 503} == {"1"}
    assert most == 1
