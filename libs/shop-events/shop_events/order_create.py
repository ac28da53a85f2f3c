"""orders-ms -> products-ms: decide this order. Sent again, unchanged, until it is decided."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shop_events.envelope import Event, Id, Money


class OrderedLine(BaseModel):
    name: str
    price: Money
    quantity: Annotated[int, Field(ge=1)]


class PlacedOrder(BaseModel):
    id: Id
    client_email: str
    cost: Money
    status: Literal["PENDING"] = "PENDING"
    products: Annotated[list[OrderedLine], Field(min_length=1)]


class OrderCreate(Event):
    type: Literal["OrderCreate"] = "OrderCreate"
    order: PlacedOrder

    @property
    def key(self) -> str:
        return self.order.id
