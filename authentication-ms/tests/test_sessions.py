"""A session token is good for one turn; one that was used before ends its family; and a family ends on its day."""

import pytest
from authentication_testing import ANN, Rows, Service, assert_signed_out, claims


@pytest.fixture
async def token(service: Service) -> str:
    await service.register(ANN)
    return await service.sign_in()


async def turns(families: Rows) -> list[int]:
    return [row["turn"] async for row in families.find()]


async def test_each_use_gives_the_next_token(service: Service, token: str, families: Rows) -> None:
    first = claims(token)
    assert list(first) == ["email", "sub", "generation", "family", "turn", "exp", "iat"]
    for turn in range(1, 5):
        token = await service.next_turn(token)
        assert claims(token) == first | {"turn": turn, "iat": claims(token)["iat"]}
        assert await turns(families) == [turn]


async def test_a_token_of_two_turns_ago_ends_the_family_of_thief_and_owner(
    service: Service, token: str, families: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    other = await service.sign_in()
    thiefs = await service.next_turn(token)
    newest = await service.next_turn(thiefs)
    assert_signed_out(await service.send_cookie("/refresh", token))
    assert await turns(families) == [0]
    for sent in (token, thiefs, newest):
        assert_signed_out(await service.send_cookie("/refresh", sent))
    assert caplog.text.count("a session token was used twice") == 1
    assert claims(await service.next_turn(other))["turn"] == 1


@pytest.mark.parametrize("after", [0.0, 9.999, -3600.0])
async def test_within_the_grace_the_former_token_gets_the_present_turn(
    service: Service, token: str, clock: list[float], families: Rows, after: float
) -> None:
    """As a second tab sends it, or a client whose answer got lost; or on a replica whose clock is behind."""
    await service.next_turn(token)
    row = await families.find().to_list()
    clock[0] += after
    again = [await service.next_turn(token) for _ in range(3)]
    assert [claims(t)["turn"] for t in again] == [1, 1, 1]
    assert await families.find().to_list() == row, "the grace is not prolonged"
    assert claims(await service.next_turn(again[0]))["turn"] == 2


async def test_ten_seconds_later_the_former_token_ends_the_family(
    service: Service, token: str, clock: list[float], families: Rows
) -> None:
    newest = await service.next_turn(token)
    clock[0] += 10
    assert_signed_out(await service.send_cookie("/refresh", token))
    assert await turns(families) == []
    assert_signed_out(await service.send_cookie("/refresh", newest))


async def test_the_grace_begins_anew_with_each_turn(service: Service, token: str, clock: list[float]) -> None:
    for turn in range(1, 4):
        clock[0] += 3600
        newest = await service.next_turn(token)
        clock[0] += 9
        assert claims(await service.next_turn(token))["turn"] == turn
        token = newest


async def test_a_token_of_a_turn_to_come_ends_the_family(service: Service, token: str, families: Rows) -> None:
    """As after the database was set back to a backup."""
    future = await service.next_turn(await service.next_turn(token))
    await families.update_many({}, {"$set": {"turn": 0}})
    assert_signed_out(await service.send_cookie("/refresh", future))
    assert await turns(families) == []


async def test_a_family_ends_thirty_days_after_the_sign_in_however_often_it_turns(
    service: Service, token: str, clock: list[float], families: Rows
) -> None:
    [row] = await families.find().to_list()
    assert row["expires_at"].timestamp() == claims(token)["exp"] == clock[0] + 30 * 24 * 3600
    clock[0] += 29 * 24 * 3600
    token = await service.next_turn(token)
    clock[0] += 24 * 3600 - 1
    token = await service.next_turn(token)
    clock[0] += 1
    assert_signed_out(await service.send_cookie("/refresh", token))


async def test_the_role_is_read_again(service: Service, token: str, users: Rows) -> None:
    for role in ("admin", "user"):
        await users.update_one({}, {"$set": {"role": role}})
        answer = await service.send_cookie("/refresh", token)
        assert claims(answer.json()["access_token"])["role"] == role


async def test_a_gone_account_and_its_successor_are_not_signed_in(
    service: Service, token: str, users: Rows, families: Rows
) -> None:
    other = await service.sign_in()
    await users.delete_many({})
    assert_signed_out(await service.send_cookie("/refresh", token))
    await service.register(ANN)
    assert_signed_out(await service.send_cookie("/refresh", other))
    assert await turns(families) == []


async def test_signing_out_everywhere_ends_every_session_of_the_account(
    service: Service, token: str, families: Rows
) -> None:
    await service.register("bob@example.test")
    bobs, other = await service.sign_in("bob@example.test"), await service.next_turn(await service.sign_in())
    access = (await service.login(ANN))["access_token"]
    assert (await service.sign_out_everywhere(access)).status_code == 204
    for sent in (token, other):
        assert_signed_out(await service.send_cookie("/refresh", sent))
        assert await families.count_documents({"_id": claims(sent)["family"]}) == 0
    assert claims(await service.next_turn(bobs))["turn"] == 1
    assert claims(await service.next_turn(await service.sign_in()))["turn"] == 1
