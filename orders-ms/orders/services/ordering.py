"""Placing orders: one document, one write; the rest happens by events."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog
from bson import ObjectId
from shop_kit.names import name_key

from orders.errors import KeyReusedError, NotEnoughError, UnknownOrderError, UnknownProductError
from orders.models import Line, Order
from orders.repositories.copies import Copies
from orders.repositories.orders import Orders
from orders.services.questions import Questions

log = structlog.get_logger()


class Ordering:
    def __init__(self, orders: Orders, copies: Copies, questions: Questions):
        self._orders = orders
        self._copies = copies
        self._questions = questions

    async def place(self, client_email: str, wanted: Sequence[tuple[str, int]], key: str | None) -> Order:
        """A new order of (name, quantity) lines, PENDING; with a `key`, the same one however often it is asked.

        Prices come from the copy. Raises UnknownProductError; NotEnoughError if the copy has less of a product than all
        its lines together want; KeyReusedError if the key was for other lines.
        """
        if (before := await self._before(client_email, wanted, key)) is not None:
            return before
        try:
            order = await self._priced(client_email, wanted)
        except NotEnoughError:
            # The same order, placed with the key meanwhile, may itself have taken what is lacking now.
            if (before := await self._before(client_email, wanted, key)) is not None:
                return before
            raise
        if not await self._orders.add(order, key):
            return await self.place(client_email, wanted, key)
        self._questions.ask_soon(order)
        log.info("order placed", order_id=str(order.id))
        return order

    async def list(self, client_email: str) -> list[Order]:
        return await self._orders.of_client(client_email)

    async def get(self, client_email: str, order_id: str) -> Order:
        """Raises UnknownOrderError if the client has no such order."""
        found = await self._orders.get(ObjectId(order_id), client_email) if ObjectId.is_valid(order_id) else None
        if found is None:
            raise UnknownOrderError()
        return found

    async def _before(self, client_email: str, wanted: Sequence[tuple[str, int]], key: str | None) -> Order | None:
        """The order placed with `key`, if there is one; raises KeyReusedError if it has other lines."""
        before = await self._orders.by_key(client_email, key) if key is not None else None
        if before is not None and _asked(before) != [(name_key(name), count) for name, count in wanted]:
            raise KeyReusedError()
        return before

    async def _priced(self, client_email: str, wanted: Sequence[tuple[str, int]]) -> Order:
        known = await self._copies.named(name for name, _ in wanted)
        sums: Counter[str] = Counter()
        for name, quantity in wanted:
            sums[name_key(name)] += quantity
        if any(key not in known for key in sums):
            raise UnknownProductError()
        if any(known[key].quantity < total for key, total in sums.items()):
            raise NotEnoughError()
        copies = [(known[name_key(name)], quantity) for name, quantity in wanted]
        lines = tuple(Line(copy.name, copy.price, quantity) for copy, quantity in copies)
        cost = sum((x.price * x.quantity for x in lines), start=type(lines[0].price)(0))
        return Order(ObjectId(), client_email, "PENDING", cost, lines, _now())


def _now() -> datetime:
    """In whole milliseconds, as the database stores it: an order looks the same whenever it is shown."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _asked(order: Order) -> list[tuple[str, int]]:
    return [(name_key(line.name), line.quantity) for line in order.lines]
