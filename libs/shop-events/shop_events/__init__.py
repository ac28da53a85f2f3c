"""The event contracts of the shop. Both sides of a topic import these and test them on `examples/`."""

from shop_events.envelope import Event, Money
from shop_events.order_create import OrderCreate, OrderedLine, PlacedOrder
from shop_events.order_status_update import Lacking, OrderStatusUpdate
from shop_events.product_snapshots import ProductCreate, ProductSnapshot, ProductsQuantityUpdate
from shop_events.topics import dead_letter_topic, topic

__all__ = [
    "Event",
    "Lacking",
    "Money",
    "OrderCreate",
    "OrderStatusUpdate",
    "OrderedLine",
    "PlacedOrder",
    "ProductCreate",
    "ProductSnapshot",
    "ProductsQuantityUpdate",
    "dead_letter_topic",
    "topic",
]
