"""Uploads become the pictures that are shown: WebP at a few widths, upright, in sRGB, without any metadata.

An upload is hostile until it is proven otherwise: what it would take to decode is read from its header first.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO

import structlog
from PIL import Image, ImageCms, ImageOps

from products.errors import NotAPictureError, PictureTooBigError
from products.models import Size

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
WIDTHS = (320, 640, 1280)
MAX_PIXELS = 40_000_000
MAX_SIDE = 16_383
"""What WebP can hold."""
MAX_HEIGHT = 4
"""Times its width: what is higher takes too long, and too many bytes, in proportion to its width."""
MAX_SCANS = 100
"""A progressive JPEG has about ten. Each is another walk over all pixels, and 5 MiB have room for 80,000."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Picture:
    """A WebP file of `width` times `height` pixels."""

    width: int
    height: int
    data: bytes

    @property
    def id(self) -> str:
        """The same for the same bytes, and for no others: chance does not make 128 bits meet."""
        return hashlib.sha256(self.data).hexdigest()[:32]

    @property
    def size(self) -> Size:
        """What a product says of it."""
        return Size(self.width, self.height, self.id)


def pictures_of(upload: bytes) -> list[Picture]:
    """What is shown for an upload, the smallest first: none is wider than it. The same bytes give the same pictures.

    Of an animation it is the first frame. Takes up to three seconds of a core, and 400 MiB.
    Raises PictureTooBigError, or NotAPictureError for what is not one of FORMATS or is damaged.
    """
    image = _upright(upload)
    if image.height > MAX_HEIGHT * image.width:
        raise PictureTooBigError()
    widths = sorted({min(width, image.width) for width in WIDTHS})
    image = _shrunk(image, widths[-1])
    image = _in_srgb(image)
    image.info.clear()
    return [_encoded(_shrunk(image, width)) for width in widths]


def picture_in(data: bytes) -> Picture:
    """The picture in a WebP file of ours."""
    with Image.open(BytesIO(data), formats=("WEBP",)) as image:
        return Picture(image.width, image.height, data)


def _upright(upload: bytes) -> Image.Image:
    """The first frame, in the mode RGB or RGBA."""
    # Pillow's readers raise nearly anything for a file that is damaged on purpose.
    try:
        image: Image.Image = Image.open(BytesIO(upload), formats=FORMATS)
        if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
            raise PictureTooBigError()
        if upload.startswith(b"\xff\xd8") and upload.count(b"\xff\xda") > MAX_SCANS:
            raise NotAPictureError()
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        return _in_colours(image)
    except Image.DecompressionBombError as error:
        raise PictureTooBigError() from error
    except (PictureTooBigError, NotAPictureError):
        raise
    except Exception as error:
        log.info("not a picture", error=f"{type(error).__name__}: {error}"[:200])
        raise NotAPictureError() from error


def _in_colours(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # 16 bits of grey, which Pillow would not scale to 8 but cut off.
        image = image.point(lambda value: value * (1 / 256))
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _shrunk(image: Image.Image, width: int) -> Image.Image:
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)


def _in_srgb(image: Image.Image) -> Image.Image:
    """With the colours that its profile means, as the profile is not kept: phones have wider ones than the web."""
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    try:
        meant = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, meant, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        # A broken profile, or one of another mode: the picture is shown without it.
        return image
    return converted or image


def _encoded(image: Image.Image) -> Picture:
    file = BytesIO()
    image.save(file, "WEBP", quality=82, method=4)
    return Picture(image.width, image.height, file.getvalue())
