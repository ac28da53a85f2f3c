"""The rows of `families`: found by their id, refused if malformed, and gone by themselves."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from authentication_testing import ANN, Rows, Service
from pymongo.errors import WriteError

NOW = datetime.fromtimestamp(int(time.time()), UTC)
GOOD: dict[str, Any] = {"_id": "f", "turn": 0, "rotated_at": NOW, "expires_at": NOW}


@pytest.mark.parametrize(
    "wrong", [{"_id": 5}, {"turn": -1}, {"turn": "0"}, {"rotated_at": 5}, {"expires_at": None}, {"expires_at": ...}]
)
async def test_malformed_rows_are_refused(service: Service, families: Rows, wrong: dict[str, Any]) -> None:
    row = {name: value for name, value in (GOOD | wrong).items() if value is not ...}
    with pytest.raises(WriteError):
        await families.insert_one(row)
    assert await families.count_documents({}) == 0
    await families.insert_one(GOOD)


async def test_rows_vanish_when_their_tokens_have_expired(service: Service, families: Rows) -> None:
    indexes = await families.index_information()
    assert set(indexes) == {"_id_", "expires_at_1"}
    assert indexes["expires_at_1"]["expireAfterSeconds"] == 0


async def test_a_row_is_found_by_its_id(service: Service, families: Rows) -> None:
    await service.register(ANN)
    await service.sign_in()
    [row] = await families.find().to_list()
    plan = await families.find({"_id": row["_id"]}).explain()
    assert any(stage in str(plan["queryPlanner"]["winningPlan"]) for stage in ("IXSCAN", "IDHACK"))
    assert sorted(row) == ["_id", "expires_at", "rotated_at", "turn"]
