"""A database of the first version is converted at start, once and repeatably."""

import asyncio
import hashlib
from typing import Any

from authentication_testing import Rows, StartService
from bson import ObjectId


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def row(number: int, email: Any, password: str, role: str = "user") -> dict[str, Any]:
    return {"_id": ObjectId(f"{number:024x}"), "email": email, "role": role, "password_hash": sha256(password)}


DUMP = [
    row(1, "aaa@aaa.com", "aaa@aaa.com"),
    row(2, "admin@admin.com", "admin@admin.com", "admin"),
    row(3, "Bob@Example.com", "first bob"),
    row(4, "bob@example.com", "second bob"),
    row(5, "BOB@example.com", "third bob"),
    row(6, "Eve@example.com", "first eve"),
    row(7, "eve@EXAMPLE.com", "second eve"),
    row(8, "aaa@aaa.com", "never reachable"),
    row(9, "x@y.c|com", "attacker"),
]
KEYS = [
    "aaa@aaa.com",
    "admin@admin.com",
    "Bob@Example.com",
    "bob@example.com",
    "BOB@example.com",
    "eve@example.com",
    "eve@EXAMPLE.com",
    f"unreachable:{8:024x}",
    "x@y.c|com",
]


async def test_everyone_gets_a_key_and_keeps_the_rest(start: StartService, users: Rows) -> None:
    await users.insert_many([dict(document) for document in DUMP])
    for _ in range(2):
        async with start():
            after = await users.find().sort("_id").to_list()
            assert after == [document | {"email_key": key} for document, key in zip(DUMP, KEYS, strict=True)]


async def test_replicas_that_start_at_once_agree(start: StartService, users: Rows) -> None:
    await users.insert_many([dict(document) for document in DUMP])

    async def run() -> None:
        async with start():
            pass

    await asyncio.gather(run(), run(), run())
    assert [document["email_key"] async for document in users.find().sort("_id")] == KEYS


async def test_everyone_still_signs_in_to_their_own_account(start: StartService, users: Rows) -> None:
    await users.insert_many([dict(document) for document in DUMP])
    async with start() as service:
        for document, password in [
            *((DUMP[0], "aaa@aaa.com"), (DUMP[1], "admin@admin.com"), (DUMP[2], "first bob")),
            *((DUMP[3], "second bob"), (DUMP[4], "third bob"), (DUMP[5], "first eve"), (DUMP[6], "second eve")),
        ]:
            await service.login(document["email"], password)
            after = await users.find_one({"_id": document["_id"]})
            assert after is not None
            assert after["password_hash"].startswith("$argon2id$")
            await service.login(document["email"], password)
        await service.login("EVE@example.com", "first eve")
        tokens = await service.login("Bob@Example.com", "first bob")
        assert await service.refreshed_status(tokens["refresh_token"]) == 200
        assert (await service.sign_out_everywhere(tokens["access_token"])).status_code == 204
        changed = [doc["_id"] async for doc in users.find({"token_generation": 1})]
        assert changed == [DUMP[2]["_id"]]
        for email, password in [("bob@example.com", "first bob"), ("aaa@aaa.com", "never reachable")]:
            answer = await service.post("/login", {"email": email, "password": password})
            assert answer.status_code == 401
        for document in DUMP:
            body = {"email": document["email"], "password": "p"}
            assert (await service.post("/register", body)).status_code == 400
    assert await users.count_documents({}) == len(DUMP)


async def test_broken_rows_do_not_stop_the_start(start: StartService, users: Rows) -> None:
    await users.insert_many([{"_id": ObjectId(), "role": "user"}, {"_id": ObjectId(), "email": None}, {"email": 5}])
    async with start() as service:
        await service.register("ann@example.test")
    assert await users.count_documents({}) == 4
