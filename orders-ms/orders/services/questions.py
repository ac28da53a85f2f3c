"""Asks products-ms to decide an order, and asks again, with a doubling delay, until it is decided.

Asking right after the commit is the fast path; whatever it loses, the sweep finds due and asks again. Tested by
killing this service between commit and publish, and by wiping the broker, in tests/.
"""

import asyncio
from collections.abc import Sequence

from aiokafka.errors import KafkaError
from shop_events import OrderCreate, OrderedLine, PlacedOrder, topic
from shop_kit.kafka import Message, Publisher
from shop_kit.tracing import traceparent

from orders.models import Order
from orders.repositories.due_orders import DueOrders

WAITING_LIMIT = 1000
CLOSE_SECONDS = 1.0


class Questions:
    def __init__(self, publisher: Publisher, due: DueOrders, prefix: str):
        self._publisher = publisher
        self._due = due
        self._topic = topic(prefix, OrderCreate)
        self._waiting: set[asyncio.Task[None]] = set()

    def ask_soon(self, order: Order) -> None:
        """Ask without making the client wait. While the broker is down this does nothing, and the sweep asks later."""
        if len(self._waiting) < WAITING_LIMIT:
            task = asyncio.create_task(self._try_to_ask(order))
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)

    async def sweep(self) -> None:
        """Ask what is due."""
        while due := await self._due.claim(100):
            await self._publisher.publish([self._message(order) for order in due])

    async def close(self) -> None:
        """Wait for what is being asked, but not for a broker that is down: the orders stay due."""
        if self._waiting:
            await asyncio.wait(self._waiting, timeout=CLOSE_SECONDS)

    async def _try_to_ask(self, order: Order) -> None:
        try:
            await self._publisher.publish([self._message(order)])
        except (KafkaError, OSError):
            return

    def _message(self, order: Order) -> Message:
        event = question(order)
        trace: Sequence[tuple[str, bytes]] = (("traceparent", traceparent()),)
        return Message(self._topic, event.key.encode(), event.model_dump_json().encode(), tuple(trace))


def question(order: Order) -> OrderCreate:
    """The event that asks for a decision."""
    lines = [OrderedLine(name=x.name, price=x.price, quantity=x.quantity) for x in order.lines]
    placed = PlacedOrder(id=str(order.id), client_email=order.client_email, cost=order.cost, products=lines)
    return OrderCreate(order=placed)
