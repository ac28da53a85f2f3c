"""products-ms -> orders-ms: a product as it is at a version.

A snapshot, never a delta: a reader keeps it only if its version is higher than what it has, so duplicates and
reordering do no harm. A product's first version goes out as ProductCreate, every later one as
ProductsQuantityUpdate, one product an event so that the product's id is the key.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shop_events.envelope import Event, Id, Money


class ProductSnapshot(BaseModel):
    id: Id
    name: Annotated[str, Field(min_length=1)]
    price: Money
    quantity: Annotated[int, Field(ge=0)]
    version: Annotated[int, Field(ge=1)]


class ProductCreate(Event):
    type: Literal["ProductCreate"] = "ProductCreate"
    product: ProductSnapshot

    @property
    def key(self) -> str:
        return self.product.id


class ProductsQuantityUpdate(Event):
    type: Literal["ProductsQuantityUpdate"] = "ProductsQuantityUpdate"
    products: Annotated[list[ProductSnapshot], Field(min_length=1)]

    @property
    def key(self) -> str:
        return self.products[0].id
