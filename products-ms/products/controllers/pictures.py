"""Pictures over HTTP: raw bytes come in, WebP goes out."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from shop_kit.identity import Admin
from starlette.requests import ClientDisconnect

from products.controllers.products import catalogue, shown
from products.errors import NotAPictureError, PictureTooLargeError, UnknownPictureError, UploadCutShortError
from products.schemas import ProductOut
from products.services.gallery import Gallery

MAX_BYTES = 5 * 1024 * 1024
SUFFIX = ".webp"

router = APIRouter(tags=["pictures"])


def gallery(request: Request) -> Gallery:
    found: Gallery = request.app.state.gallery
    return found


def _binary(kind: str) -> dict[str, Any]:
    return {"content": {kind: {"schema": {"type": "string", "format": "binary"}}}}


@router.put(
    "/products/{slug}/picture",
    summary="Give a product its picture, instead of the one it had",
    description="The body is the file: JPEG, PNG, WebP or GIF, whatever its Content-Type says.",
    openapi_extra={"requestBody": {"required": True, **_binary("image/*")}},
    responses={
        404: {"description": "No such product"},
        413: {"description": f"{PictureTooLargeError.detail}; or it has too many pixels"},
        415: {"description": NotAPictureError.detail},
    },
)
async def put_picture(request: Request, admin: Admin, slug: str) -> ProductOut:
    shop = catalogue(request)
    await shop.get(slug)  # An upload for nothing is not even read.
    pictured = await gallery(request).hang(slug, await _upload(request))
    return (await shown(shop, pictured))[0]


async def _upload(request: Request) -> bytes:
    """The body, read only as far as it is not too large."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > MAX_BYTES:
        raise PictureTooLargeError()
    upload = bytearray()
    try:
        async for chunk in request.stream():
            upload += chunk
            if len(upload) > MAX_BYTES:
                raise PictureTooLargeError()
    except ClientDisconnect:
        raise UploadCutShortError() from None
    return bytes(upload)


@router.get(
    "/pictures/{file}",
    summary="A picture, at the path that its product names",
    response_class=Response,
    responses={
        200: {"description": "The picture", **_binary("image/webp")},
        304: {"description": "The client has it"},
        404: {"description": "No such picture"},
    },
)
async def get_picture(request: Request, file: str, if_none_match: Annotated[str | None, Header()] = None) -> Response:
    if not file.endswith(SUFFIX):
        raise UnknownPictureError()
    key = file.removesuffix(SUFFIX)
    picture = await gallery(request).picture(key)
    headers = {
        "ETag": f'"{key}"',
        "Cache-Control": "public, max-age=31536000, immutable",
        # Whatever a file of ours might be taken for, it may run nothing.
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    # RFC 9110, 13.1.2: a weak comparison, of any in a list.
    known = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    if known & {"*", headers["ETag"]}:
        return Response(status_code=304, headers=headers)
    return Response(picture, media_type="image/webp", headers=headers)
