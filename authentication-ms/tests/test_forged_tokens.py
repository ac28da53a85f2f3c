"""Tokens that must not count: forged, expired, of the other kind."""

from typing import Any

import pytest
from authentication_forgeries import forgeries
from authentication_testing import Rows, Service, claims
from joserfc import jwt


async def signed_in(service: Service) -> dict[str, str]:
    await service.register("ann@example.test")
    return await service.login("ann@example.test")


async def test_no_forged_refresh_token_counts(service: Service) -> None:
    genuine = (await signed_in(service))["refresh_token"]
    for name, token in forgeries(service, genuine).items():
        answer = await service.post("/refresh", {"refresh_token": token})
        assert (name, answer.status_code, answer.json()["detail"]) == (name, 401, "Incorrect token")
        assert "Token-Type" not in answer.headers
    assert await service.refreshed_status(genuine) == 200


async def test_no_forged_access_token_counts(service: Service, users: Rows) -> None:
    tokens = await signed_in(service)
    for name, token in forgeries(service, tokens["access_token"]).items():
        header = {"Authorization": f"Bearer {token}".encode()}
        answer = await service.post("/logout-everywhere", headers=header)
        expected = {"expired": "Token expired", "nothing": "You have no access to this resource!"}
        assert (name, answer.status_code) == (name, 401)
        assert answer.json()["detail"] == expected.get(name, "Incorrect token")
    assert await users.count_documents({"token_generation": 0}) == 1
    assert (await service.sign_out_everywhere(tokens["access_token"])).status_code == 204


async def test_one_kind_never_stands_in_for_the_other(service: Service, users: Rows) -> None:
    tokens = await signed_in(service)
    answer = await service.sign_out_everywhere(tokens["refresh_token"])
    assert (answer.status_code, answer.json()["detail"]) == (401, "Incorrect token")
    assert await users.count_documents({"token_generation": 0}) == 1
    assert await service.refreshed_status(tokens["access_token"]) == 401
    key, everything = service.app.state.keys.access, claims(tokens["refresh_token"]) | {"role": "user"}
    disguised = jwt.encode({"alg": "ES256", "kid": key.kid}, everything, key)
    assert await service.refreshed_status(disguised) == 401


@pytest.mark.parametrize("minutes", ["1", "60"])
async def test_the_variables_set_the_life_of_tokens(settings: Any, start: Any, minutes: str) -> None:
    settings.setenv("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", minutes)
    settings.setenv("JWT_REFRESH_TOKEN_EXPIRE_MINUTES", minutes)
    async with start() as service:
        for token in (await signed_in(service)).values():
            assert claims(token)["exp"] - claims(token)["iat"] == int(minutes) * 60
