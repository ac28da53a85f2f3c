"""What is there stays, what is missing is added, and whatever else goes wrong is told."""

from typing import Any

import pytest
from pymongo.errors import BulkWriteError
from shop_kit.inserting import insert_missing
from shop_kit.mongo import Mongo


async def test_only_what_is_missing_is_added(mongo: Mongo) -> None:
    await insert_missing(mongo.db.rows, [])
    await insert_missing(mongo.db.rows, [{"_id": 1, "by": "first"}])
    await insert_missing(mongo.db.rows, [{"_id": 1, "by": "second"}, {"_id": 2, "by": "second"}])
    assert await mongo.db.rows.find().sort("_id").to_list() == [{"_id": 1, "by": "first"}, {"_id": 2, "by": "second"}]


async def test_another_refusal_is_raised_also_beside_a_duplicate(mongo: Mongo) -> None:
    await mongo.ensure_collections({"rows": {"bsonType": "object", "required": ["name"]}})
    await mongo.db.rows.insert_one({"_id": 1, "name": "there"})
    with pytest.raises(BulkWriteError):
        await insert_missing(mongo.db.rows, [{"_id": 1, "name": "again"}, {"_id": 2}])
    assert await mongo.db.rows.find().to_list() == [{"_id": 1, "name": "there"}]


@pytest.mark.parametrize("failures", [[], [{"index": 0, "code": 11000}]])
async def test_what_the_majority_did_not_confirm_is_raised(
    mongo: Mongo, monkeypatch: pytest.MonkeyPatch, failures: list[dict[str, int]]
) -> None:
    rows = mongo.db.rows

    async def unconfirmed(*_: Any, **__: Any) -> None:
        raise BulkWriteError({"writeErrors": failures, "writeConcernErrors": [{"code": 64, "errmsg": "timed out"}]})

    monkeypatch.setattr(rows, "insert_many", unconfirmed)
    with pytest.raises(BulkWriteError):
        await insert_missing(rows, [{"_id": 1}])
