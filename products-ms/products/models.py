"""The documents of products-db."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bson import ObjectId

Status = Literal["ACCEPTED", "REJECTED"]
MAX_QUANTITY = 10_000_000


@dataclass(frozen=True, slots=True)
class Category:
    id: ObjectId
    name: str


@dataclass(frozen=True, slots=True)
class Size:
    """A size in which a product's picture is there: `picture` is the id of the file, which never changes."""

    width: int
    height: int
    picture: str


@dataclass(frozen=True, slots=True)
class Product:
    """`version` rises by one with every change of what the readers of products are told, which its picture is not.

    `claim` names the change that wrote its outbox entry. `picture` has its sizes, the smallest first.
    """

    id: ObjectId
    name: str
    slug: str
    description: str
    price: Decimal
    quantity: int
    categories: tuple[ObjectId, ...]
    version: int
    claim: ObjectId | None = None
    picture: tuple[Size, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """So many of the product with this name key."""

    product: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of the stock."""

    id: ObjectId
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Lacking:
    """Why an order was rejected: of `product` (a name key) only `left` pieces were there for it."""

    product: str
    left: int


@dataclass(frozen=True, slots=True)
class Decision:
    """A row of the ledger: an order is decided once, and its row never changes. A rejection says what was lacking."""

    order: Order
    status: Status
    lacking: Lacking | None = None
