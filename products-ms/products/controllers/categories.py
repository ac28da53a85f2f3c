"""Categories over HTTP."""

from fastapi import APIRouter, Request
from shop_kit.identity import Admin

from products.controllers.products import catalogue
from products.schemas import CategoryIn, CategoryList, CategoryOut

router = APIRouter(prefix="/categories", tags=["categories"])


@router.get("", summary="List categories")
async def list_categories(request: Request) -> CategoryList:
    return CategoryList(categories=[CategoryOut(name=c.name) for c in await catalogue(request).categories()])


@router.post("", status_code=201, summary="Add a category")
async def add_category(request: Request, admin: Admin, body: CategoryIn) -> CategoryOut:
    return CategoryOut(name=(await catalogue(request).add_category(body.name)).name)
