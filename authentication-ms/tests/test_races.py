"""What an account can meet at the same time: two refreshes, a sign-out everywhere, another role, another password.

Two replicas serve one account. The first is held at an exact point, and the rival's request comes and goes.
"""

from hashlib import sha256

import pytest
from authentication.models import User
from authentication_testing import ANN, Replicas, Rows, Service, claims
from local_stack.holding import Point, held

OLD_HASH = sha256(b"secret words").hexdigest()


async def refresh(service: Service, token: str) -> tuple[int, str]:
    """Status, and the access token or the refusal."""
    answer = await service.post("/refresh", {"refresh_token": token})
    return answer.status_code, answer.json().get("access_token") or answer.json()["detail"]


async def account(users: Rows) -> dict[str, object]:
    [found] = await users.find().to_list()
    return found


async def test_one_refresh_token_is_used_twice(replicas: Replicas, users: Rows) -> None:
    first, rival = replicas
    token, before = (await first.login(ANN))["refresh_token"], await account(users)
    async with held(refresh(first, token), Point(first.accounts.users, "find")) as one:
        two = await refresh(rival, token)
    for status, access in (one.result(), two):
        assert (status, claims(access)["email"], claims(access)["role"]) == (200, ANN, "user")
    assert await account(users) == before
    assert await first.refreshed_status(token) == 200


async def test_a_refresh_that_began_before_a_sign_out_gives_no_longer_life(replicas: Replicas) -> None:
    """It may count as earlier, for access tokens given before a sign-out run out by themselves; nothing else comes."""
    first, rival = replicas
    session = await first.login(ANN)
    async with held(
        first.post("/refresh", {"refresh_token": session["refresh_token"]}), Point(first.accounts.users, "find")
    ) as one:
        assert (await rival.sign_out_everywhere(session["access_token"])).status_code == 204
        assert await refresh(rival, session["refresh_token"]) == (401, "Incorrect token")
    answer = one.result()
    assert (answer.status_code, set(answer.json())) == (200, {"access_token"})
    given = claims(answer.json()["access_token"])
    assert given["exp"] - given["iat"] == 15 * 60
    assert await refresh(first, session["refresh_token"]) == (401, "Incorrect token")


async def test_a_refresh_that_reads_after_a_sign_out_is_refused(replicas: Replicas) -> None:
    first, rival = replicas
    session = await first.login(ANN)
    point = Point(first.accounts.users, "find", before=True)
    async with held(refresh(first, session["refresh_token"]), point) as one:
        assert (await rival.sign_out_everywhere(session["access_token"])).status_code == 204
    assert one.result() == (401, "Incorrect token")


async def test_a_sign_in_during_a_sign_out_leaves_no_refresh_token(replicas: Replicas) -> None:
    """Its password was checked before; its refresh token is of the generation that was signed out."""
    first, rival = replicas
    session = await rival.login(ANN)
    async with held(first.login(ANN), Point(first.accounts.passwords, "verify")) as one:
        assert (await rival.sign_out_everywhere(session["access_token"])).status_code == 204
    assert await refresh(first, one.result()["refresh_token"]) == (401, "Incorrect token")
    assert await refresh(first, (await first.login(ANN))["refresh_token"]) != (401, "Incorrect token")


async def test_a_sign_out_ends_what_was_given_after_a_rivals_sign_out(replicas: Replicas, users: Rows) -> None:
    first, rival = replicas
    session = await rival.login(ANN)
    point = Point(first.accounts.users, "end_refresh_tokens", before=True)
    async with held(first.sign_out_everywhere(session["access_token"]), point) as one:
        assert (await rival.sign_out_everywhere(session["access_token"])).status_code == 204
        between = await rival.login(ANN)
        assert await rival.refreshed_status(between["refresh_token"]) == 200
    assert one.result().status_code == 204
    for token in (session, between):
        assert await refresh(rival, token["refresh_token"]) == (401, "Incorrect token")
    assert (await account(users))["token_generation"] == 2


@pytest.mark.parametrize("before", [True, False])
async def test_the_role_changes_during_a_refresh(replicas: Replicas, users: Rows, before: bool) -> None:
    """The role is the one that was read, and the next refresh has the new one."""
    first, rival = replicas
    await users.update_one({}, {"$set": {"role": "admin"}})
    token = (await first.login(ANN))["refresh_token"]
    async with held(refresh(first, token), Point(first.accounts.users, "find", before=before)) as one:
        admin = await rival.accounts.users.find(ANN)
        assert admin is not None
        await rival.accounts.users.set_role(admin, "user")
    status, access = one.result()
    assert (status, claims(access)["role"]) == (200, "user" if before else "admin")
    assert claims((await refresh(first, token))[1])["role"] == "user"


async def test_a_sign_in_during_a_sign_out_and_a_change_of_role_undoes_neither(replicas: Replicas, users: Rows) -> None:
    """A sign-in with a hash of the first version writes; it writes the hash alone."""
    first, rival = replicas
    await users.update_one({}, {"$set": {"password_hash": OLD_HASH}})
    session = await rival.login(ANN)
    await users.update_one({}, {"$set": {"password_hash": OLD_HASH}})
    point = Point(first.accounts.users, "replace_hash", before=True)
    async with held(first.login(ANN), point):
        assert (await rival.sign_out_everywhere(session["access_token"])).status_code == 204
        await rival.accounts.users.set_role(User.from_document(await account(users)), "admin")
    found = await account(users)
    assert (found["token_generation"], found["role"]) == (1, "admin")
    assert str(found["password_hash"]).startswith("$argon2id$")


async def test_a_better_hash_does_not_bring_a_changed_password_back(replicas: Replicas, users: Rows) -> None:
    first, _ = replicas
    new_hash = (await account(users))["password_hash"]
    await users.update_one({}, {"$set": {"password_hash": OLD_HASH}})
    point = Point(first.accounts.users, "replace_hash", before=True)
    async with held(first.login(ANN), point) as one:
        await users.update_one({}, {"$set": {"password_hash": new_hash}})
    assert one.result()
    assert (await account(users))["password_hash"] == new_hash


async def test_an_address_is_registered_twice(replicas: Replicas, users: Rows) -> None:
    first, rival = replicas
    mine, rivals = [{"email": e, "password": e} for e in ("BOB@example.test", "bob@example.test")]
    async with held(first.post("/register", mine), Point(first.accounts.users, "add", before=True)) as one:
        assert (await rival.post("/register", rivals)).status_code == 201
        registered = await users.find().to_list()
    assert (one.result().status_code, one.result().json()["detail"]) == (400, "This e-mail is not acceptable")
    assert await users.find().to_list() == registered
    assert [user["email_key"] for user in registered] == [ANN, "bob@example.test"]
    assert (await first.post("/login", mine)).status_code == 401
    assert (await first.post("/login", rivals)).status_code == 200
