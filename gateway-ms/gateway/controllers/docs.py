"""The document of the public API, and a page that shows it."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from gateway.openapi import Document

router = APIRouter(include_in_schema=False)

_PAGE = (Path(__file__).parent / "docs.html").read_text()
# The page is whole in itself; it may only read the document beside it.
_POLICY = "default-src 'none'; connect-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"


@router.get("/api/openapi.json")
async def openapi(request: Request) -> JSONResponse:
    document: Document = request.app.state.document
    content: dict[str, Any] = await document.read()
    return JSONResponse(content)


@router.get("/api/docs")
async def docs() -> HTMLResponse:
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})
