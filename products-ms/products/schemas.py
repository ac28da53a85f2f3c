"""The shapes of requests and answers."""

from typing import Annotated

from pydantic import BaseModel, Field
from shop_kit.money import Amount, Price
from shop_kit.names import Count, Name

from products.models import MAX_QUANTITY


class ProductIn(BaseModel):
    name: Name
    description: Annotated[str, Field(max_length=5000, pattern=r"^[^\x00]*$")]
    price: Price
    quantity: Annotated[Count, Field(ge=0, le=MAX_QUANTITY)]
    categories: Annotated[list[Name], Field(max_length=20)]


class NewProduct(BaseModel):
    product: ProductIn


class SizeOut(BaseModel):
    width: int
    height: int
    path: Annotated[str, Field(description="relative to the address of the API; what it names never changes")]


class PictureOut(BaseModel):
    """The same picture in some sizes, the smallest first."""

    sizes: list[SizeOut]


class ProductOut(BaseModel):
    name: str
    slug: str
    description: str
    price: Amount
    quantity: int
    categories: list[str]
    picture: PictureOut | None


class ProductList(BaseModel):
    products: list[ProductOut]
    next: Annotated[str | None, Field(description="the cursor of the page after this one; null on the last")]


class CategoryIn(BaseModel):
    name: Name


class CategoryOut(BaseModel):
    name: str


class CategoryList(BaseModel):
    categories: list[CategoryOut]


class Restock(BaseModel):
    delta: Annotated[Count, Field(ge=-MAX_QUANTITY, le=MAX_QUANTITY, description="pieces to add, or to take")]
