"""One service's MongoDB: majority writes, journaled, and transactions that a crash can't leave open.

A transaction whose process was killed keeps its documents locked until the server gives it up (60 s by default).
Every session that opened a transaction is therefore recorded, and a starting process kills the sessions of its own
former life, known by its instance name.
"""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import pymongo
import structlog
from bson.binary import Binary
from bson.codec_options import CodecOptions, TypeRegistry
from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import CollectionInvalid, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shop_kit.errors import UnavailableError
from shop_kit.money import DecimalCodec
from shop_kit.settings import MongoSettings

Document = dict[str, Any]
Session = AsyncClientSession
T = TypeVar("T")
log = structlog.get_logger()

TRANSACTION_SECONDS = 10.0
"""How long a transaction may take, its retries included; the driver's own limit is 120 s."""

CONFLICTS = 8

CLOSE_SECONDS = 1.0
"""How long a transaction may take to end when the process does; it takes milliseconds."""

DATABASE_DOWN = "the database does not answer"


class ConflictError(Exception):
    """What a transaction read was changed by another before it could write: it has to read again."""


class Mongo:
    """A connection to one database. `instance` names this process among its replicas."""

    def __init__(self, settings: MongoSettings, instance: str):
        self._client: AsyncMongoClient[Document] = AsyncMongoClient(
            settings.uri(),
            serverSelectionTimeoutMS=5_000,
            connectTimeoutMS=5_000,
            timeoutMS=10_000,
            maxPoolSize=50,
        )
        self._instance = instance
        self._recorded: set[bytes] = set()
        self._transactions: set[asyncio.Task[Any]] = set()
        self.db: AsyncDatabase[Document] = self._client.get_database(
            settings.db_name,
            codec_options=CodecOptions(tz_aware=True, type_registry=TypeRegistry([DecimalCodec()])),
            write_concern=WriteConcern(w="majority", j=True),
            read_concern=ReadConcern("majority"),
        )

    async def transact(self, work: Callable[[Session], Awaitable[T]]) -> T:
        """Run `work` in one transaction and return its result; a conflict, the driver's or a ConflictError that `work`
        raises, runs it again from its first read. Raises ConflictError or PyMongoError when the time is over.

        The cancellation of a request does not reach it: a cancelled commit may have committed.
        """
        task = asyncio.create_task(self._transact(work))
        self._transactions.add(task)
        task.add_done_callback(self._transactions.discard)
        return await asyncio.shield(task)

    async def _transact(self, work: Callable[[Session], Awaitable[T]]) -> T:
        async with self._client.start_session() as session:
            await self._record(session)
            with pymongo.timeout(TRANSACTION_SECONDS):
                for attempt in range(CONFLICTS):
                    with contextlib.suppress(ConflictError):
                        return await session.with_transaction(
                            work, ReadConcern("snapshot"), WriteConcern("majority", j=True)
                        )
                    await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311
                raise ConflictError

    async def _record(self, session: Session) -> None:
        session_id = session.session_id["id"]
        if bytes(session_id) not in self._recorded:
            await self.db.sessions.update_one({"_id": session_id}, {"$set": {"instance": self._instance}}, upsert=True)
            self._recorded.add(bytes(session_id))

    async def ensure_collections(self, validators: Mapping[str, Document]) -> None:
        """Make the collections that are missing, and have each refuse documents that do not fit its `$jsonSchema`.

        They are made before any transaction needs them. A second call, or a replica's at the same time, does no harm.
        """
        there = set(await self.db.list_collection_names())
        for name in {*validators, "sessions"} - there:
            with contextlib.suppress(CollectionInvalid):
                await self.db.create_collection(name)
        for name, schema in validators.items():
            await self.db.command("collMod", name, validator={"$jsonSchema": schema})

    async def end_former_life(self) -> None:
        """Abort what a killed process of this instance left open. Called once, before any work."""
        former = [doc["_id"] async for doc in self.db.sessions.find({"instance": self._instance})]
        if former:
            await self._client.admin.command("killSessions", [{"id": Binary(bytes(i), 4)} for i in former])
            await self.db.sessions.delete_many({"_id": {"$in": former}})

    async def check(self) -> None:
        """Readiness: the database answers within two seconds."""
        try:
            with pymongo.timeout(2):
                await self._client.admin.command("ping")
        except PyMongoError as error:
            log.warning(DATABASE_DOWN, error=f"{type(error).__name__}: {error}"[:200])
            raise UnavailableError("The database does not answer") from error
        log.info("the database answers again", ends=DATABASE_DOWN)

    async def close(self) -> None:
        """Disconnect, after the transactions that are under way."""
        if self._transactions:
            await asyncio.wait(self._transactions, timeout=CLOSE_SECONDS)
        await self._client.close()
