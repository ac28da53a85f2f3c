"""Commands for operators: `python -m products.cli recover`."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator

from bson import ObjectId
from shop_events import OrderCreate, OrderStatusUpdate, ProductCreate, ProductSnapshot, ProductsQuantityUpdate, topic
from shop_kit.kafka import history
from shop_kit.mongo import Mongo
from shop_kit.settings import load

from products.consumers.orders import decided, order
from products.models import Decision
from products.repositories.ledger import Ledger
from products.repositories.products import Products
from products.services.recovery import Recovery
from products.settings import Settings


async def recover() -> AsyncIterator[str]:
    """After products-db was restored from a backup, and before products-ms runs on it: enter again the decisions that
    were told since. Yields what was done, and what an operator has to look at, line by line.

    Restocks and new products are in no topic. Where a product was told with another quantity than it has now, both are
    said: the difference is what was restocked since the backup, and had not been told yet.
    """
    settings = load(Settings)
    mongo = Mongo(settings, "cli")
    products, ledger = Products(mongo), Ledger(mongo)
    recovery = Recovery(mongo, ledger, products)
    try:
        lost: dict[ObjectId, OrderStatusUpdate] = {}
        async for answers in history(settings, {topic(settings.kafka_topic, OrderStatusUpdate): OrderStatusUpdate}):
            by_id = {ObjectId(a.event.order_id): a.event for a in answers}
            lost |= {key: by_id[key] for key in await ledger.lacking(list(by_id))}
        entered = 0
        async for questions in history(settings, {topic(settings.kafka_topic, OrderCreate): OrderCreate}):
            orders = {asked.id: asked for asked in (order(q.event) for q in questions) if asked.id in lost}
            told = [Decision(asked, *decided(lost.pop(key))) for key, asked in orders.items()]
            entered += await recovery.enter(told) if told else 0
        yield f"{entered} decisions entered"
        for key, answer in lost.items():
            yield f"order {key} was {answer.status}, and no topic says any more what it was for"
        last = await _last_told(settings)
        await recovery.outbid({ObjectId(p.id): p.version for p in last.values()})
        now = {p.id: p for p in await products.with_ids([ObjectId(key) for key in last])}
        for told_last in last.values():
            if (product := now.get(ObjectId(told_last.id))) is None:
                yield f"{told_last.name}: unknown, with {told_last.quantity} pieces when it was told of last"
            elif product.quantity != told_last.quantity:
                yield f"{product.name}: {product.quantity} pieces, {told_last.quantity} when it was told of last"
    finally:
        await mongo.close()


async def _last_told(settings: Settings) -> dict[str, ProductSnapshot]:
    """Each product as it was told with its highest version, by its id."""
    last: dict[str, ProductSnapshot] = {}
    told_by: tuple[type[ProductCreate | ProductsQuantityUpdate], ...] = (ProductCreate, ProductsQuantityUpdate)
    contracts = {topic(settings.kafka_topic, event): event for event in told_by}
    async for deliveries in history(settings, contracts):
        for event in (d.event for d in deliveries):
            for told in [event.product] if isinstance(event, ProductCreate) else event.products:
                if told.id not in last or last[told.id].version < told.version:
                    last[told.id] = told
    return last


async def _run() -> None:
    async for line in recover():
        sys.stdout.write(f"{line}\n")


def main() -> int:
    """Run the command; the exit code is 0."""
    parser = argparse.ArgumentParser(prog="python -m products.cli")
    what = "after products-db was restored: enter again what was decided since"
    parser.add_subparsers(required=True).add_parser("recover", help=what)
    parser.parse_args()
    asyncio.run(_run())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
