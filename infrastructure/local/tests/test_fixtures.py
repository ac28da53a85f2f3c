"""The fixtures give real servers."""

from aiokafka.admin import AIOKafkaAdminClient
from pymongo import AsyncMongoClient


async def test_the_database_has_transactions(mongo_uri: str) -> None:
    client: AsyncMongoClient[dict[str, int]] = AsyncMongoClient(mongo_uri)
    async with client:
        things = client["fixtures"]["things"]
        await things.drop()
        await things.insert_one({"_id": 1})
        async with client.start_session() as session, await session.start_transaction():
            await things.insert_one({"_id": 2}, session=session)
            await session.abort_transaction()
        assert await things.count_documents({}) == 1


async def test_the_broker_answers(kafka_bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    try:
        assert isinstance(await admin.list_topics(), list)
    finally:
        await admin.close()
