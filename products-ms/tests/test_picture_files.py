"""What becomes of an upload: sizes, upright, true colours, no metadata; and what is no picture is refused unread."""

import tracemalloc
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin
from products.domain.pictures import MAX_SCANS, Picture, picture_in, pictures_of
from products.errors import NotAPictureError, PictureTooBigError
from products_pictures import BLUE, RED, file, halves, like, png_of, shown

FORMATS = ["JPEG", "PNG", "WEBP", "GIF"]


def sizes(pictures: list[Picture]) -> list[tuple[int, int]]:
    assert [(p.width, p.height) for p in pictures] == [shown(p.data).size for p in pictures]
    return [(p.width, p.height) for p in pictures]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_in_three_sizes(kind: str) -> None:
    made = pictures_of(file(halves(2000, 1500), kind))
    assert sizes(made) == [(320, 240), (640, 480), (1280, 960)]
    for picture in made:
        image = shown(picture.data)
        assert image.mode == "RGB"
        assert like(image.getpixel((image.width // 4, image.height // 2)), RED)
        assert like(image.getpixel((image.width * 3 // 4, image.height // 2)), BLUE)


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1, 1, [(1, 1)]),
        (200, 100, [(200, 100)]),
        (320, 240, [(320, 240)]),
        (321, 241, [(320, 240), (321, 241)]),
        (1000, 500, [(320, 160), (640, 320), (1000, 500)]),
        (1280, 960, [(320, 240), (640, 480), (1280, 960)]),
        (16_383, 2, [(320, 1), (640, 1), (1280, 1)]),
        (50, 200, [(50, 200)]),
    ],
)
def test_none_is_wider_than_the_upload(width: int, height: int, expected: list[tuple[int, int]]) -> None:
    assert sizes(pictures_of(file(Image.new("RGB", (width, height))))) == expected


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [(1, (400, 200), (50, 100)), (3, (400, 200), (350, 100)), (6, (200, 400), (100, 50)), (8, (200, 400), (100, 350))],
)
def test_it_is_turned_upright(kind: str, orientation: int, size: tuple[int, int], red: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    largest = pictures_of(file(halves(400, 200), kind, exif=exif))[-1]
    assert (largest.width, largest.height) == size
    image = shown(largest.data)
    assert like(image.getpixel(red), RED)
    assert like(image.getpixel((size[0] - 1 - red[0], size[1] - 1 - red[1])), BLUE)


def _told(kind: str) -> dict[str, Any]:
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = "a camera", "taken at home"
    exif.get_ifd(0x8825)[1] = "N"
    how: dict[str, Any] = {
        "exif": exif,
        "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    }
    if kind == "JPEG":
        how["comment"] = b"taken at home"
    if kind == "PNG":
        how["pnginfo"] = PngImagePlugin.PngInfo()
        how["pnginfo"].add_text("Comment", "taken at home")
    if kind == "WEBP":
        how["xmp"] = b"<x>taken at home</x>"
    return how


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_pixels_is_kept(kind: str) -> None:
    upload = file(halves(700, 350), kind, **_told(kind))
    for picture in pictures_of(upload):
        assert shown(picture.data).info.keys() <= {"loop", "background", "timestamp", "duration"}
        assert _chunks(picture.data) <= {b"VP8 ", b"VP8L"}


def _chunks(webp: bytes) -> set[bytes]:
    found, at = set(), 12
    while at < len(webp):
        found.add(webp[at : at + 4])
        size = int.from_bytes(webp[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    return found


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_what_is_transparent_stays_so(kind: str) -> None:
    image = halves(400, 200).convert("RGBA")
    image.paste((0, 0, 0, 0), (200, 0, 400, 200))
    for picture in pictures_of(file(image, kind)):
        found = shown(picture.data)
        assert found.mode == "RGBA"
        assert like(found.getpixel((found.width // 4, 50)), (*RED, 255))
        pixel: Any = found.getpixel((found.width * 3 // 4, 50))
        assert pixel[3] == 0


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_it_is_the_first_frame(kind: str) -> None:
    frames = [Image.new("RGB", (64, 64), BLUE)] * 3
    upload = file(Image.new("RGB", (64, 64), RED), kind, save_all=True, append_images=frames, duration=100)
    [picture] = pictures_of(upload)
    assert like(shown(picture.data).convert("RGB").getpixel((32, 32)), RED)
    assert b"ANIM" not in picture.data


GREY = (128, 128, 128)


@pytest.mark.parametrize(
    "image",
    [
        Image.new("1", (40, 40), 1),
        Image.new("L", (40, 40), 128),
        Image.new("LA", (40, 40), (128, 255)),
        Image.new("RGB", (40, 40), GREY).quantize(2),
        Image.new("RGB", (40, 40), GREY).convert("CMYK"),
        Image.new("I;16", (40, 40), 128 * 257),
    ],
    ids=lambda image: image.mode,
)
def test_whatever_its_colours_are_stored_as(image: Image.Image) -> None:
    [picture] = pictures_of(file(image, "JPEG" if image.mode == "CMYK" else "PNG"))
    expected = (255, 255, 255) if image.mode == "1" else GREY
    assert like(shown(picture.data).convert("RGB").getpixel((20, 20)), expected)


def test_colours_are_those_that_the_profile_means() -> None:
    image = Image.new("RGB", (40, 40), RED)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
    grey = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    red, _, blue = RED
    for profile, expected in [(srgb, RED), (swapped, (blue, RED[1], red)), (grey, RED), (b"no profile", RED)]:
        [picture] = pictures_of(file(image, icc_profile=profile))
        assert like(shown(picture.data).getpixel((20, 20)), expected)


def test_the_same_upload_gives_the_same_pictures() -> None:
    one, two = (pictures_of(file(halves(700, 500), "JPEG")) for _ in range(2))
    assert one == two
    assert [p.id for p in one] == [p.id for p in two]
    assert len({p.id for p in one}) == 3
    assert [picture_in(p.data) for p in one] == one


@pytest.mark.parametrize(
    ("width", "height"), [(50_000, 50_000), (8_001, 5_000), (16_384, 1), (1, 16_384), (2**31 - 1, 2**31 - 1), (20, 81)]
)
def test_one_too_big_is_refused_by_its_header(width: int, height: int) -> None:
    upload = file(Image.new("1", (width, height))) if width * height < 2_000 else png_of(width, height)
    tracemalloc.start()
    with pytest.raises(PictureTooBigError) as refused:
        pictures_of(upload)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert refused.value.status == 413


def test_a_frame_larger_than_its_gif_is_a_bomb_too() -> None:
    upload = bytearray(file(Image.new("P", (9_000, 9_000)), "GIF"))
    upload[6:10] = b"\x01\x00\x01\x00"
    with pytest.raises(PictureTooBigError):
        pictures_of(bytes(upload))


def test_a_progressive_jpeg_of_endless_scans_is_refused() -> None:
    upload = file(halves(800, 600), "JPEG", progressive=True)
    assert sizes(pictures_of(upload))[0] == (320, 240)
    at = upload.rindex(b"\xff\xda")
    with pytest.raises(NotAPictureError):
        pictures_of(upload[:-2] + upload[at:-2] * MAX_SCANS + upload[-2:])


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("part", [0.05, 0.5, 0.9])
def test_half_a_picture_is_none(kind: str, part: float) -> None:
    image = Image.effect_noise((300, 200), 80).convert("RGB")
    upload = file(image, kind)
    assert pictures_of(upload)
    with pytest.raises(NotAPictureError) as refused:
        pictures_of(upload[: int(len(upload) * part)])
    assert refused.value.status == 415


def others() -> dict[str, bytes]:
    """Files that are none of the four kinds, some of which Pillow could read."""
    image = halves(40, 40)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
    page = b"<!doctype html><script>alert(1)</script>"
    known = {kind: file(image, kind) for kind in ("BMP", "TIFF", "ICO", "PPM", "TGA", "EPS", "PDF")}
    return known | {"nothing": b"", "text": b"a picture", "SVG": svg, "HTML": page, "zeros": bytes(1000)}


@pytest.mark.parametrize("kind", others())
def test_other_files_are_no_pictures(kind: str) -> None:
    with pytest.raises(NotAPictureError):
        pictures_of(others()[kind])


SMALL = [file(halves(24, 16), kind) for kind in FORMATS]


@given(st.sampled_from(SMALL), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), min_size=1, max_size=4))
def test_damage_is_a_refusal_or_still_a_picture(upload: bytes, damage: list[tuple[float, bytes]]) -> None:
    for place, value in damage:
        at = int(place * len(upload))
        upload = upload[:at] + value + upload[at + len(value) :]
    try:
        made = pictures_of(upload)
    except (NotAPictureError, PictureTooBigError):
        return
    assert sizes(made)[0][0] <= 320
    assert all(Image.open(BytesIO(p.data)).format == "WEBP" for p in made)
