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
class Order:
    id: ObjectId
    client_email: str
    status: Status
    cost: Decimal
    lines: tuple[Line, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ProductCopy:
    """A product as products-ms last told of it; one of version 0 was not told of yet."""

    id: ObjectId
    name: str
    price: Decimal
    quantity: int
    version: int
