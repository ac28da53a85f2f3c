"""products-ms -> orders-ms: the order is decided. The answer to a repeated question is the same."""

from typing import Literal

from shop_events.envelope import Event, Id


class OrderStatusUpdate(Event):
    type: Literal["OrderStatusUpdate"] = "OrderStatusUpdate"
    order_id: Id
    status: Literal["ACCEPTED", "REJECTED"]

    @property
    def key(self) -> str:
        return self.order_id
