"""The database is the last line of defence, and its absence is told."""

from typing import Any

import pytest
from authentication_testing import Rows, Service
from pymongo import AsyncMongoClient
from pymongo.errors import WriteError

GOOD = {"email": "a@b.de", "email_key": "a@b.de", "role": "user", "password_hash": "h", "token_generation": 0}


@pytest.mark.parametrize(
    "wrong", [{"role": "root"}, {"email": 1}, {"email_key": None}, {"password_hash": 1}, {"token_generation": -1}]
)
async def test_malformed_rows_are_refused(service: Service, users: Rows, wrong: dict[str, object]) -> None:
    await users.insert_one(dict(GOOD))
    with pytest.raises(WriteError):
        await users.insert_one(GOOD | {"email_key": "other@b.de"} | wrong)
    assert await users.count_documents({}) == 1


async def test_without_its_database_the_service_says_so(service: Service, settings: pytest.MonkeyPatch) -> None:
    await service.register("ann@example.test")
    tokens = await service.login("ann@example.test")
    nowhere: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient("mongodb://127.0.0.1:1", serverSelectionTimeoutMS=50)
    settings.setattr(service.accounts.users, "_users", nowhere.shop.users)
    for path, body in [
        ("/register", {"email": "bob@example.test", "password": "p"}),
        ("/login", {"email": "ann@example.test", "password": "secret words"}),
        ("/refresh", {"refresh_token": tokens["refresh_token"]}),
    ]:
        answer = await service.post(path, body)
        assert (answer.status_code, answer.json()["detail"]) == (503, "Service unavailable!")
        assert answer.headers["Retry-After"] == "1"
    await nowhere.close()
