"""Refresh tokens are reusable until the account signs out everywhere."""

from authentication_testing import Rows, Service


async def test_refresh_tokens_are_reusable(service: Service) -> None:
    await service.register("ann@example.test")
    token = (await service.login("ann@example.test"))["refresh_token"]
    assert [await service.refreshed_status(token) for _ in range(3)] == [200, 200, 200]


async def test_signing_out_ends_all_refresh_tokens_of_the_account_only(service: Service) -> None:
    for email in ("ann@example.test", "bob@example.test"):
        await service.register(email)
    phone, laptop = [await service.login("ann@example.test") for _ in range(2)]
    bob = await service.login("bob@example.test")
    answer = await service.sign_out_everywhere(phone["access_token"])
    assert (answer.status_code, answer.content) == (204, b"")
    for tokens, status in ((phone, 401), (laptop, 401), (bob, 200)):
        assert await service.refreshed_status(tokens["refresh_token"]) == status
    again = await service.login("ann@example.test")
    assert await service.refreshed_status(again["refresh_token"]) == 200


async def test_without_a_token_nobody_is_signed_out(service: Service, users: Rows) -> None:
    await service.register("ann@example.test")
    answer = await service.post("/logout-everywhere")
    assert (answer.status_code, answer.json()["detail"]) == (401, "You have no access to this resource!")
    assert await users.count_documents({"token_generation": 0}) == 1


async def test_tokens_of_a_deleted_account_do_not_open_its_successor(service: Service, users: Rows) -> None:
    await service.register("ann@example.test")
    former = await service.login("ann@example.test")
    await users.delete_many({})
    assert await service.refreshed_status(former["refresh_token"]) == 401
    assert (await service.sign_out_everywhere(former["access_token"])).status_code == 401
    await service.register("ann@example.test")
    assert await service.refreshed_status(former["refresh_token"]) == 401
