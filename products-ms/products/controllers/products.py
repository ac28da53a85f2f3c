"""Products over HTTP."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from pydantic import WithJsonSchema
from shop_kit.identity import Admin

from products.domain.wanted import MOST, MOST_ASKED, SORTS, WORDS_OF_Q, wanted
from products.models import Product, Size
from products.schemas import NewProduct, PictureOut, ProductList, ProductOut, Restock, SizeOut
from products.services.catalogue import Catalogue
from products.services.shelves import Shelves

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


Limit = WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_ASKED})


@router.get("", summary="List products, search them, or page through them")
async def list_products(
    request: Request,
    name: Annotated[str | None, Query(max_length=200, description="one product; wins over all other filters")] = None,
    category_name: Annotated[str | None, Query(alias="categoryName", max_length=200)] = None,
    q: Annotated[str | None, Query(description=f"words that begin words of it; at most {WORDS_OF_Q}")] = None,
    sort: Annotated[Annotated[str, WithJsonSchema({"enum": SORTS})] | None, Query(description="oldest first")] = None,
    limit: Annotated[Annotated[str, Limit] | None, Query(description=f"without it the page has {MOST:,}")] = None,
    cursor: Annotated[str | None, Query(description="`next` of the answer that this one continues")] = None,
) -> ProductList:
    shelves: Shelves = request.app.state.shelves
    page = await shelves.page(wanted(q, sort, limit, cursor), name, category_name)
    return ProductList(products=await shown(catalogue(request), *page.products), next=page.next)


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
