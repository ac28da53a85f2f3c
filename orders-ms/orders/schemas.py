"""The shapes of requests and answers."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field
from shop_kit.money import Amount
from shop_kit.names import Count, name_key

from orders.models import Order, Status

MOST_PIECES = 10_000_000


class LineIn(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    quantity: Annotated[Count, Field(ge=1, le=MOST_PIECES)]


class NewOrder(BaseModel):
    products: Annotated[list[LineIn], Field(min_length=1, max_length=100)]


class LineOut(BaseModel):
    name: str
    price: Amount
    quantity: int


class LackingOut(BaseModel):
    """Why an order was rejected: of the product `name` only `left` pieces were there for it."""

    name: str
    left: int


class OrderOut(BaseModel):
    id: str
    status: Status
    cost: Amount
    products: list[LineOut]
    created_at: datetime
    lacking: LackingOut | None


class OrderList(BaseModel):
    orders: list[OrderOut]


def shown(order: Order) -> OrderOut:
    """An order as its client sees it."""
    lines = [LineOut(name=x.name, price=x.price, quantity=x.quantity) for x in order.lines]
    return OrderOut(
        id=str(order.id),
        status=order.status,
        cost=order.cost,
        products=lines,
        created_at=order.created_at,
        lacking=_lacking(order),
    )


def _lacking(order: Order) -> LackingOut | None:
    if (lacking := order.lacking) is None:
        return None
    # products-ms says its key; the client knows the product as its order has it.
    names = (line.name for line in order.lines if name_key(line.name) == lacking.product)
    return LackingOut(name=next(names, lacking.product), left=lacking.left)
