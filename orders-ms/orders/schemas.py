"""The shapes of requests and answers."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field
from shop_kit.money import Amount
from shop_kit.names import Count

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


class OrderOut(BaseModel):
    id: str
    status: Status
    cost: Amount
    products: list[LineOut]
    created_at: datetime


class OrderList(BaseModel):
    orders: list[OrderOut]


def shown(order: Order) -> OrderOut:
    """An order as its client sees it."""
    lines = [LineOut(name=x.name, price=x.price, quantity=x.quantity) for x in order.lines]
    return OrderOut(id=str(order.id), status=order.status, cost=order.cost, products=lines, created_at=order.created_at)
