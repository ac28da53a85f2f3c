"""Passwords: the same work whatever the answer, bounded, and old hashes replaced."""

import asyncio
import hashlib
import threading
from typing import Any

import pytest
from authentication.services.passwords import AT_ONCE, QUEUE, Passwords
from authentication_testing import Rows, Service
from pwdlib.hashers.argon2 import Argon2Hasher
from shop_kit.errors import UnavailableError

SECRET = "secret words"
SHA256 = hashlib.sha256(SECRET.encode()).hexdigest()


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every argon2 computation from now on."""
    calls: list[str] = []

    def count(name: str) -> None:
        real = getattr(Argon2Hasher, name)

        def counted(self: Argon2Hasher, *args: Any) -> Any:
            calls.append(name)
            return real(self, *args)

        monkeypatch.setattr(Argon2Hasher, name, counted)

    count("hash")
    count("verify")
    return calls


@pytest.mark.parametrize("stored", ["modern", SHA256, None], ids=["modern hash", "old hash", "no account"])
async def test_a_wrong_password_costs_one_computation_in_every_case(
    service: Service, users: Rows, computed: list[str], stored: str | None
) -> None:
    await service.register("ann@example.test", SECRET)
    if stored is None:
        await users.delete_many({})
    elif stored == SHA256:
        await users.update_one({}, {"$set": {"password_hash": SHA256}})
    computed.clear()
    answer = await service.post("/login", {"email": "ann@example.test", "password": "wrong"})
    assert answer.status_code == 401
    assert computed == ["verify"]


@pytest.mark.parametrize("digest", [SHA256, SHA256.upper()])
async def test_an_old_hash_signs_in_and_is_replaced(
    service: Service, users: Rows, computed: list[str], digest: str
) -> None:
    await service.register("ann@example.test", SECRET)
    await users.update_one({}, {"$set": {"password_hash": digest}})
    computed.clear()
    await service.login("ann@example.test", SECRET)
    assert computed == ["hash"]
    row = await users.find_one({})
    assert row is not None
    assert row["password_hash"].startswith("$argon2id$")
    await service.login("ann@example.test", SECRET)
    after = await users.find_one({})
    assert after == row


async def test_the_digest_itself_is_no_password(service: Service, users: Rows) -> None:
    await service.register("ann@example.test", SECRET)
    await users.update_one({}, {"$set": {"password_hash": SHA256}})
    answer = await service.post("/login", {"email": "ann@example.test", "password": SHA256})
    assert answer.status_code == 401
    assert await users.count_documents({"password_hash": SHA256}) == 1


async def test_a_replaced_hash_never_undoes_a_newer_one(service: Service, users: Rows) -> None:
    await service.register("ann@example.test", SECRET)
    read = await service.accounts.users.find("ann@example.test")
    assert read is not None
    await users.update_one({}, {"$set": {"password_hash": "newer"}})
    await service.accounts.users.replace_hash(read, "late")
    assert await users.count_documents({"password_hash": "newer"}) == 1


async def test_a_crowd_waits_two_are_served_and_the_rest_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords, gate, running, most = Passwords(), threading.Event(), 0, 0
    counting = threading.Lock()

    def slow(self: Argon2Hasher, password: str) -> str:
        nonlocal running, most
        with counting:
            running += 1
            most = max(most, running)
        gate.wait(3)
        with counting:
            running -= 1
        return "done"

    monkeypatch.setattr(Argon2Hasher, "hash", slow)
    crowd = [asyncio.create_task(passwords.hash("p")) for _ in range(AT_ONCE + QUEUE)]
    await asyncio.sleep(0.05)
    with pytest.raises(UnavailableError) as refused:
        await asyncio.wait_for(passwords.hash("p"), 1)
    assert refused.value.headers == {"Retry-After": "1"}
    crowd.pop().cancel()
    await asyncio.sleep(0.05)
    crowd.append(asyncio.create_task(passwords.hash("p")))
    await asyncio.sleep(0.05)
    gate.set()
    assert await asyncio.gather(*crowd) == ["done"] * (AT_ONCE + QUEUE)
    assert most == AT_ONCE
    await passwords.close()


async def test_a_crowd_at_the_door_gets_503_with_retry_after(service: Service, users: Rows) -> None:
    crowd = [{"email": f"u{i}@example.test", "password": "p"} for i in range(40)]
    answers = await asyncio.gather(*(service.post("/register", body) for body in crowd))
    refused = [a for a in answers if a.status_code == 503]
    assert {a.status_code for a in answers} == {201, 503}
    assert {a.headers["Retry-After"] for a in refused} == {"1"}
    assert await users.count_documents({}) == len(answers) - len(refused)
