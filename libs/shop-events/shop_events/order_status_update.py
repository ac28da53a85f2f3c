"""products-ms -> orders-ms: the order is decided. The answer to a repeated question is the same."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shop_events.envelope import Event, Id


class Lacking(BaseModel):
    """Of the product called `name`, by its key, only `left` pieces were there for the order."""

    name: str
    left: Annotated[int, Field(ge=0)]


class OrderStatusUpdate(Event):
    type: Literal["OrderStatusUpdate"] = "OrderStatusUpdate"
    order_id: Id
    status: Literal["ACCEPTED", "REJECTED"]
    lacking: Lacking | None = None
    """Why it was rejected; None also where that is not known."""

    @property
    def key(self) -> str:
        return self.order_id
