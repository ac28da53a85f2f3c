"""Commands for operators: `python -m orders.cli recover`."""

import argparse
import asyncio
import sys

from shop_events import OrderCreate, topic
from shop_kit.kafka import history
from shop_kit.mongo import Mongo
from shop_kit.settings import load

from orders.app import TOLD
from orders.consumers.products import ProductsConsumer, placed
from orders.repositories.copies import Copies
from orders.repositories.orders import Orders
from orders.settings import Settings


async def recover() -> int:
    """After orders-db was restored from a backup: take from the topics the orders it lacks, their decisions, and what
    products are now. Returns how many orders were taken.

    Running services may go on meanwhile. An order whose decision was not told yet is PENDING, and is asked for again.
    """
    settings = load(Settings)
    mongo = Mongo(settings, "cli")
    orders = Orders(mongo)
    consumer, taken = ProductsConsumer(orders, Copies(mongo)), 0
    try:
        async for questions in history(settings, {topic(settings.kafka_topic, OrderCreate): OrderCreate}):
            # A question may have been asked twice.
            asked = {order.id: order for order in (placed(question.event) for question in questions)}
            lacking = await orders.lacking(list(asked))
            await asyncio.gather(*(orders.add(asked[key], None) for key in lacking))
            taken += len(lacking)
        async for told in history(settings, {topic(settings.kafka_topic, event): event for event in TOLD}):
            await consumer.handle(told)
    finally:
        await mongo.close()
    return taken


def main() -> int:
    """Run the command; the exit code is 0."""
    parser = argparse.ArgumentParser(prog="python -m orders.cli")
    what = "after orders-db was restored: take from the topics what it lacks"
    parser.add_subparsers(required=True).add_parser("recover", help=what)
    parser.parse_args()
    sys.stdout.write(f"{asyncio.run(recover())} orders taken from the topics\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
