"""The change stream of `orders`: what became of every order, told to every replica in the same sequence.

It goes on where it ended while the database was away. Where it can't, as the database forgot that long ago, it says so:
then whoever was told of changes reads anew. Tested by killing the database, and by tokens that it does not know, in
tests/test_live_outage.py.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from pymongo.errors import OperationFailure, PyMongoError
from shop_kit.mongo import Mongo

from orders.models import Order
from orders.repositories.orders import order

PAUSE_SECONDS = 0.2
"""Before it is opened again. While the database is down the driver itself waits for it, too."""

_WAITING = "the news of orders wait for the database"
# Asking again changes the outbox, which is nobody's news.
_NEWS: list[dict[str, Any]] = [
    {
        "$match": {
            "$or": [
                {"operationType": "insert"},
                {"operationType": "update", "updateDescription.updatedFields.status": {"$exists": True}},
            ]
        }
    },
    {"$project": {"fullDocument": 1}},
]
log = structlog.get_logger()


class OrderChanges:
    def __init__(self, mongo: Mongo):
        self._orders = mongo.db.orders
        self._token: Mapping[str, Any] | None = None

    async def follow(self, anew: Callable[[], None], changed: Callable[[str, Order], None]) -> None:
        """Call `changed` for every order that is new or settled, with a token that is the same in all replicas; and
        `anew` when some may have been missed, so also at first. Ends when it is cancelled."""
        while True:
            try:
                await self._watch(anew, changed)
            except PyMongoError as error:
                log.warning(_WAITING, error=f"{type(error).__name__}: {error}"[:200])
                if isinstance(error, OperationFailure):
                    # The database answered, and will not go on from here, whyever.
                    self._token = None
            await asyncio.sleep(PAUSE_SECONDS)

    async def _watch(self, anew: Callable[[], None], changed: Callable[[str, Order], None]) -> None:
        async with await self._orders.watch(_NEWS, "updateLookup", resume_after=self._token) as stream:
            log.info("the news of orders come again", ends=_WAITING)
            if self._token is None:
                anew()
            while stream.alive:
                change = await stream.try_next()
                self._token = stream.resume_token
                if change is not None:
                    _tell(change, changed)
        # The collection was dropped.
        self._token = None


def _tell(change: Mapping[str, Any], changed: Callable[[str, Order], None]) -> None:
    try:
        found = order(change["fullDocument"])
    except (KeyError, TypeError):
        log.warning("a change of what is no order", exc_info=True)
    else:
        changed(change["_id"]["_data"], found)
