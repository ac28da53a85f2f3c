"""Pictures: good ones, damaged ones, ones that claim to be huge, and addresses of pictures that are none."""

import struct
import zlib
from importlib.resources import files
from io import BytesIO
from random import Random

from PIL import Image
from products.domain.pictures import picture_in

from tests.fuzz.callers import Callers
from tests.fuzz.cases import Case, Header
from tests.fuzz.nasties import TEXTS, spoilt

KINDS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
TYPES = ("image/png", "image/svg+xml", "text/html", "text/plain", "application/json", "multipart/form-data; boundary=x")


class Pictures:
    """Uploads by admins, and addresses that visitors ask for."""

    def __init__(self, callers: Callers):
        self._callers = callers
        self._good = [_file(Image.effect_noise((48, 32), 60).convert("RGB"), kind) for kind in KINDS]
        drawings = files("products").joinpath("pictures").iterdir()
        self._stored = [picture_in(d.read_bytes()).id for d in drawings if d.name.endswith(".webp")]

    def case(self, random: Random, number: int) -> Case:
        if random.random() < 0.4:
            name = random.choice([random.choice(self._stored) + ".webp", _name(random, self._stored)])
            headers: list[Header] = [("If-None-Match", _tag(random, name))] if random.random() < 0.5 else []
            return self._callers.call(random, "pictures", "GET", f"/api/pictures/{name}", None, headers, "")
        slug = random.choice([*self._callers.slugs, "no-such"])
        upload = self._upload(random)
        headers = [("Content-Type", random.choice(TYPES))] if random.random() < 0.5 else []
        role = random.choices(["admin", "user", ""], [8, 1, 1])[0]
        return self._callers.call(random, "pictures", "PUT", f"/api/products/{slug}/picture", upload, headers, role)

    def _upload(self, random: Random) -> bytes:
        good = random.choice(self._good)
        way = random.random()
        if way < 0.2:
            return good
        if way < 0.5:
            return spoilt(random, good)
        if way < 0.6:
            return good[: random.randrange(len(good))]
        if way < 0.7:
            return _png(random.choice([0, 1, 50_000, 2**31 - 1]), random.choice([0, 1, 50_000, 2**31 - 1]))
        if way < 0.8:
            return good + random.randbytes(random.choice([1, 1000, 300_000]))
        return random.choice(self._good)[:20] + random.randbytes(random.choice([0, 50, 5_000]))


def _file(image: Image.Image, kind: str) -> bytes:
    made = BytesIO()
    image.save(made, kind)
    return made.getvalue()


def _name(random: Random, stored: list[str]) -> str:
    one = random.choice(stored)
    return random.choice([one, one[:-1] + ".webp", one.upper() + ".webp", one + ".png", one + ".webp.webp", ".webp"])


def _tag(random: Random, name: str) -> str:
    tag = f'"{name.removesuffix(".webp")}"'
    return random.choice([tag, f"W/{tag}", "*", ",,,", '"', random.choice(TEXTS)]).replace("\r", " ").replace("\n", " ")


def _png(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    parts = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
