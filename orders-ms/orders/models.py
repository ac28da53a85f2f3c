"""The documents of orders-db."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from bson import ObjectId

Status = Literal["PENDING", "ACCEPTED", "REJECTED"]


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    price: Decimal
    quantity: int


@dataclass(frozen=True, slots=True)
class Lacking:
    """Why an order was rejected: of `product` (a name key) only `left` pieces were there for it."""

    product: str
    left: int


@dataclass(frozen=True, slots=True)
class Order:
    """`lacking` is None unless it was REJECTED, and where the reason is not known."""

    id: ObjectId
    client_email: str
    status: Status
    cost: Decimal
    lines: tuple[Line, ...]
    created_at: datetime
    lacking: Lacking | None = None


@dataclass(frozen=True, slots=True)
class ProductCopy:
    """A product as products-ms last told of it; one of version 0 was not told of yet."""

    id: ObjectId
    name: str
    price: Decimal
    quantity: int
    version: int
