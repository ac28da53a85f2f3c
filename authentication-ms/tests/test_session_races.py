"""What a session can meet at the same time, on another replica: a second tab, a thief, a sign-out here or everywhere.

The first replica is held at an exact point, and the rival's request comes and goes.
"""

import asyncio

import httpx2
import pytest
from authentication.repositories.families import Families
from authentication_testing import Replicas, Rows, Service, assert_signed_out, claims, cookie_in
from local_stack.holding import Point, held


def families_of(service: Service) -> Families:
    families: Families = service.app.state.sessions.families
    return families


async def refresh(service: Service, token: str) -> httpx2.Response:
    return await service.send_cookie("/refresh", token)


@pytest.mark.parametrize("before", [True, False])
async def test_two_tabs_refresh_at_once(replicas: Replicas, families: Rows, before: bool) -> None:
    first, rival = replicas
    token = await first.sign_in()
    async with held(refresh(first, token), Point(families_of(first), "move_on", before=before)) as one:
        two = await rival.next_turn(token)
    both = [cookie_in(one.result()), two]
    assert [claims(t)["turn"] for t in both] == [1, 1]
    assert [row["turn"] async for row in families.find()] == [1]
    # Whichever of the two answers the browser kept, it stays signed in.
    assert [claims(await rival.next_turn(t))["turn"] for t in both] == [2, 2]


async def test_a_crowd_of_tabs_stays_signed_in(replicas: Replicas, families: Rows) -> None:
    token = await replicas[0].sign_in()
    for turn in range(1, 4):
        after = await asyncio.gather(*(replica.next_turn(token) for replica in replicas for _ in range(10)))
        assert [claims(t)["turn"] for t in after] == [turn] * 20
        assert [row["turn"] async for row in families.find()] == [turn]
        token = after[0]


async def test_a_late_use_never_takes_the_family_back(replicas: Replicas, families: Rows) -> None:
    """Whatever was known before the very write: by then the token is two turns old, so it was used twice."""
    first, rival = replicas
    token = await first.sign_in()
    point = Point(families_of(first)._families, "update_one", before=True)
    async with held(refresh(first, token), point) as one:
        newest = await rival.next_turn(await rival.next_turn(token))
    assert_signed_out(one.result())
    assert await families.count_documents({}) == 0
    assert_signed_out(await refresh(rival, newest))


async def test_a_tab_that_waits_for_longer_than_the_grace_is_refused(replicas: Replicas, clock: list[float]) -> None:
    first, rival = replicas
    token = await first.sign_in()
    async with held(refresh(first, token), Point(families_of(first), "move_on", before=True)) as one:
        newest = await rival.next_turn(token)
        clock[0] += 10
    assert_signed_out(one.result())
    assert_signed_out(await refresh(rival, newest))


async def test_a_refresh_before_its_familys_end_comes_too_late(replicas: Replicas, families: Rows) -> None:
    """The thief's use, which is found out here, meets the owner's, which is held in front of its write."""
    first, rival = replicas
    token = await first.sign_in()
    newest = await rival.next_turn(await rival.next_turn(token))
    async with held(refresh(first, newest), Point(families_of(first), "move_on", before=True)) as one:
        assert_signed_out(await refresh(rival, token))
    assert_signed_out(one.result())
    assert await families.count_documents({}) == 0


async def test_a_family_is_ended_twice(replicas: Replicas, families: Rows) -> None:
    first, rival = replicas
    token = await first.sign_in()
    await rival.next_turn(await rival.next_turn(token))
    async with held(refresh(first, token), Point(families_of(first), "end", before=True)) as one:
        assert_signed_out(await refresh(rival, token))
        fresh = await rival.sign_in()
    assert_signed_out(one.result())
    assert claims(await first.next_turn(fresh))["turn"] == 1


@pytest.mark.parametrize("before", [True, False])
async def test_a_sign_out_during_a_refresh_ends_the_session(replicas: Replicas, families: Rows, before: bool) -> None:
    """The refresh may count as earlier; then its access token runs out by itself, and its cookie is worthless."""
    first, rival = replicas
    token = await first.sign_in()
    async with held(refresh(first, token), Point(families_of(first), "move_on", before=before)) as one:
        assert (await rival.send_cookie("/logout", token)).status_code == 204
    if before:
        assert_signed_out(one.result())
    else:
        assert_signed_out(await refresh(rival, cookie_in(one.result())))
    assert await families.count_documents({}) == 0


async def test_a_sign_out_everywhere_during_a_refresh_ends_the_session(replicas: Replicas, families: Rows) -> None:
    first, rival = replicas
    token, access = await first.sign_in(), (await first.login("ann@example.test"))["access_token"]
    async with held(refresh(first, token), Point(first.accounts.users, "find")) as one:
        assert (await rival.sign_out_everywhere(access)).status_code == 204
    assert_signed_out(await refresh(rival, cookie_in(one.result())))


async def test_a_sign_in_during_a_sign_out_everywhere_leaves_no_session(replicas: Replicas) -> None:
    first, rival = replicas
    access = (await rival.login("ann@example.test"))["access_token"]
    async with held(first.sign_in(), Point(first.accounts.passwords, "verify")) as one:
        assert (await rival.sign_out_everywhere(access)).status_code == 204
    assert_signed_out(await refresh(first, one.result()))
