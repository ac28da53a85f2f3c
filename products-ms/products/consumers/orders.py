"""OrderCreate comes in: decide, answer, tell what changed."""

from collections.abc import Sequence

from bson import ObjectId
from shop_events import Lacking as LackingTold
from shop_events import OrderCreate, OrderStatusUpdate, topic
from shop_kit.kafka import Delivery, Message, Publisher
from shop_kit.names import name_key

from products.models import Decision, Lacking, Line, Order, Status
from products.services.decisions import Decisions
from products.services.snapshots import Snapshots


class OrdersConsumer:
    def __init__(self, decisions: Decisions, publisher: Publisher, snapshots: Snapshots, prefix: str):
        self._decisions = decisions
        self._publisher = publisher
        self._snapshots = snapshots
        self._prefix = prefix

    async def handle(self, deliveries: Sequence[Delivery[OrderCreate]]) -> None:
        """Returns when every order is decided and every answer acked; may be called again with the same events."""
        answers, changed = await self._decisions.decide([order(d.event) for d in deliveries])
        await self._publisher.publish(
            [self._answer(decision, d) for decision, d in zip(answers, deliveries, strict=True)]
        )
        self._snapshots.tell_soon(changed)

    def _answer(self, decision: Decision, question: Delivery[OrderCreate]) -> Message:
        why = LackingTold(name=decision.lacking.product, left=decision.lacking.left) if decision.lacking else None
        event = OrderStatusUpdate(order_id=str(decision.order.id), status=decision.status, lacking=why)
        name = topic(self._prefix, OrderStatusUpdate)
        return Message(name, event.key.encode(), event.model_dump_json().encode(), question.traceparent)


def order(event: OrderCreate) -> Order:
    """What the event asks of the stock; its prices and cost are orders-ms' business."""
    lines = tuple(Line(name_key(line.name), line.quantity) for line in event.order.products)
    return Order(ObjectId(event.order.id), lines)


def decided(event: OrderStatusUpdate) -> tuple[Status, Lacking | None]:
    """What an answer said."""
    return event.status, Lacking(event.lacking.name, event.lacking.left) if event.lacking else None
