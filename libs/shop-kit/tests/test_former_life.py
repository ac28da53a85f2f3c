"""What a killed process left open is ended by the next process of the same name, at once."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator

import pymongo
import pytest
from pymongo.errors import PyMongoError
from shop_kit.mongo import ConflictError, Mongo, Session
from shop_kit.settings import MongoSettings

PROCESS = """
import asyncio, sys
from shop_kit.mongo import Mongo
from shop_kit.settings import MongoSettings

async def work(session):
    await mongo.db.rows.update_one({"_id": 1}, {"$set": {"by": "the killed one"}}, session=session)
    print("locked", flush=True)
    await asyncio.sleep(60)

async def main():
    global mongo
    mongo = Mongo(MongoSettings(mongodb_uri=sys.argv[1], db_name=sys.argv[2]), "shop-1")
    await mongo.transact(work)

asyncio.run(main())
"""


@pytest.fixture
async def killed(mongo: Mongo, database: MongoSettings) -> AsyncIterator[None]:
    """A process called shop-1 was killed in the middle of a transaction that had changed the row 1."""
    await mongo.db.rows.insert_one({"_id": 1, "by": "nobody"})
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROCESS, database.uri(), database.db_name, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 20) == b"locked\n"
    process.send_signal(signal.SIGKILL)
    await process.wait()
    yield


async def write(mongo: Mongo, name: str, seconds: float) -> None:
    async def work(session: Session) -> None:
        await mongo.db.rows.update_one({"_id": 1}, {"$set": {"by": name}}, session=session)

    with pymongo.timeout(seconds):
        await mongo.transact(work)


@pytest.mark.usefixtures("killed")
async def test_the_next_life_can_write_at_once(mongo: Mongo, database: MongoSettings) -> None:
    other, next_life = Mongo(database, "shop-2"), Mongo(database, "shop-1")
    await other.end_former_life()
    with pytest.raises((PyMongoError, ConflictError)):
        await write(other, "another", 0.5)
    began = time.monotonic()
    await next_life.end_former_life()
    await write(next_life, "the next life", 5)
    assert time.monotonic() - began < 2
    assert await mongo.db.rows.find().to_list() == [{"_id": 1, "by": "the next life"}]
    await next_life.end_former_life()
    assert await mongo.db.sessions.count_documents({"instance": "shop-1"}) == 0
    for connection in (other, next_life):
        await connection.close()
