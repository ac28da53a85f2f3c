"""Picture files for the tests, made by Pillow."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

RED, BLUE = (220, 20, 30), (20, 40, 210)


def halves(width: int, height: int) -> Image.Image:
    """Red on the left and blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def file(image: Image.Image, kind: str = "PNG", **how: Any) -> bytes:
    made = BytesIO()
    image.save(made, kind, **how)
    return made.getvalue()


def shown(data: bytes) -> Image.Image:
    """A picture as a browser decodes it; it must be WebP."""
    image = Image.open(BytesIO(data), formats=["WEBP"])
    image.load()
    return image


def like(one: Any, other: tuple[int, ...]) -> bool:
    """Whether a pixel looks like a colour: WebP changes it a little."""
    return len(one) == len(other) and all(abs(a - b) <= 12 for a, b in zip(one, other, strict=True))


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it has so many pixels, in few bytes, and has none of them."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"")) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
