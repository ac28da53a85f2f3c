"""PyMongo's client and sessions over the simulated database: each call is one that can be lost.

Only what the services call is there: anything else raises AttributeError or TypeError at once.
"""

import itertools
from collections.abc import Awaitable, Callable
from typing import Any

from bson.binary import Binary
from pymongo.errors import PyMongoError

from tests.simulation.collection import Collection
from tests.simulation.store import NO_SUCH_TRANSACTION, Database, Transaction, transient
from tests.simulation.world import current, request

_session_ids = itertools.count()


class SimulatedMongoClient:
    """Stands for AsyncMongoClient; the host in the URI names the database's service."""

    def __init__(self, uri: str, **options: Any):
        host = uri.removeprefix("mongodb://").split(":")[0]
        self.database: Database = current().world.databases[host]
        self._sessions: list[Binary] = []

    def get_database(self, name: str, **options: Any) -> "SimulatedDatabase":
        return SimulatedDatabase(self.database)

    def start_session(self) -> "Session":
        """Ids are used again, as in PyMongo's pool."""
        return Session(self.database, self._sessions)


class SimulatedDatabase:
    def __init__(self, database: Database):
        self._database = database

    def __getattr__(self, name: str) -> "Collection":
        return Collection(self._database, name)


class Session:
    """A session runs at most one transaction at a time."""

    def __init__(self, database: Database, pool: list[Binary]):
        self._database = database
        self._pool = pool
        self.session_id = {"id": pool.pop() if pool else Binary(next(_session_ids).to_bytes(16, "big"), 4)}
        self.transaction: Transaction | None = None

    async def __aenter__(self) -> "Session":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.abort_transaction()
        self._pool.append(self.session_id["id"])

    async def start_transaction(self) -> None:
        self.transaction = transaction = Transaction(self._database)
        # A real one holds its documents until its time is over; that is tested on real processes.
        current().at_death.append(transaction.end)

    async def commit_transaction(self) -> None:
        transaction, self.transaction = self.transaction, None
        assert transaction is not None
        if transaction.aborted:
            raise transient("the transaction was aborted", NO_SUCH_TRANSACTION)
        await request("commit a transaction", transaction.commit)

    async def abort_transaction(self) -> None:
        current()
        if self.transaction is not None:
            self.transaction.end()
            self.transaction = None

    async def with_transaction(self, work: Callable[["Session"], Awaitable[Any]], *concerns: object) -> Any:
        """As PyMongo documents it, without its pauses and its limit of 120 s."""
        while True:
            await self.start_transaction()
            try:
                result = await work(self)
                await self.commit_transaction()
            except PyMongoError as error:
                await self.abort_transaction()
                if not error.has_error_label("TransientTransactionError"):
                    raise
            except BaseException:
                await self.abort_transaction()
                raise
            else:
                return result
