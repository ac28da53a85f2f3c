"""Products over HTTP."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from shop_kit.identity import Admin

from products.models import Product, Size
from products.schemas import NewProduct, PictureOut, ProductList, ProductOut, Restock, SizeOut
from products.services.catalogue import Catalogue

router = APIRouter(prefix="/products", tags=["products"])


def catalogue(request: Request) -> Catalogue:
    found: Catalogue = request.app.state.catalogue
    return found


async def shown(catalogue: Catalogue, *products: Product) -> list[ProductOut]:
    names = await catalogue.category_names()
    return [
        ProductOut(
            name=p.name,
            slug=p.slug,
            description=p.description,
            price=p.price,
            quantity=p.quantity,
            categories=[names[c] for c in p.categories if c in names],
            picture=_picture(p.picture),
        )
        for p in products
    ]


def _picture(sizes: Sequence[Size]) -> PictureOut | None:
    if not sizes:
        return None
    return PictureOut(
        sizes=[SizeOut(width=s.width, height=s.height, path=f"/pictures/{s.picture}.webp") for s in sizes]
    )


@router.get("", summary="List products, oldest first")
async def list_products(
    request: Request,
    name: Annotated[str | None, Query(max_length=200, description="wins over a category")] = None,
    category_name: Annotated[str | None, Query(alias="categoryName", max_length=200)] = None,
) -> ProductList:
    shop = catalogue(request)
    return ProductList(products=await shown(shop, *await shop.list(name, category_name)))


@router.post("", status_code=201, summary="Add a product")
async def add_product(request: Request, admin: Admin, body: NewProduct) -> ProductOut:
    shop, p = catalogue(request), body.product
    added = await shop.add(p.name, p.description, p.price, p.quantity, p.categories)
    return (await shown(shop, added))[0]


@router.get("/{slug}", summary="One product")
async def get_product(request: Request, slug: str) -> ProductOut:
    shop = catalogue(request)
    return (await shown(shop, await shop.get(slug)))[0]


@router.post("/{slug}/restock", summary="Add pieces to the stock, or take some")
async def restock(
    request: Request,
    admin: Admin,
    slug: str,
    body: Restock,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
) -> ProductOut:
    shop = catalogue(request)
    return (await shown(shop, await shop.restock(slug, body.delta, idempotency_key)))[0]
