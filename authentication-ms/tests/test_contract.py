"""The routes, status codes and texts that clients of the first version rely on."""

import json
import time

import pytest
from authentication_testing import Rows, Service, claims

CREDENTIALS = {"email": "Ann@example.test", "password": "secret words"}


async def test_register_answers_the_account(service: Service, users: Rows) -> None:
    answer = await service.post("/register", CREDENTIALS)
    assert (answer.status_code, answer.json()) == (201, {"email": "Ann@example.test", "role": "user"})
    row = await users.find_one({})
    assert row is not None
    assert row["email_key"] == "ann@example.test"
    assert row["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_a_role_in_the_body_is_ignored(service: Service, users: Rows) -> None:
    answer = await service.post("/register", CREDENTIALS | {"role": "admin"})
    assert (answer.status_code, answer.json()["role"]) == (201, "user")
    assert [row["role"] async for row in users.find()] == ["user"]


async def test_login_and_refresh_answer_tokens(service: Service) -> None:
    await service.register("ann@example.test")
    answer = await service.post("/login", CREDENTIALS)
    assert answer.status_code == 200
    assert answer.headers["Token-Type"] == "Bearer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert list(answer.json()) == ["access_token", "refresh_token"]
    refreshed = await service.post("/refresh", {"refresh_token": answer.json()["refresh_token"]})
    assert refreshed.status_code == 200
    assert refreshed.headers["Token-Type"] == "Bearer"
    for token in (answer.json()["access_token"], refreshed.json()["access_token"]):
        assert list(claims(token))[:3] == ["email", "role", "exp"]
        assert claims(token)["email"] == "ann@example.test"
        assert claims(token)["role"] == "user"
        assert type(claims(token)["exp"]) is int
        assert claims(token)["exp"] - time.time() == pytest.approx(15 * 60, abs=5)


async def test_bodies_without_content_type_are_accepted(service: Service) -> None:
    content = json.dumps(CREDENTIALS).encode()
    assert (await service.client.post("/register", content=content)).status_code == 201
    assert (await service.client.post("/login", content=content)).status_code == 200


async def test_an_email_is_taken_in_any_case(service: Service, users: Rows) -> None:
    await service.register("ann@example.test")
    answer = await service.post("/register", {"email": "ANN@Example.Test", "password": "other"})
    assert (answer.status_code, answer.json()["detail"]) == (400, "This e-mail is not acceptable")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert await users.count_documents({}) == 1
    await service.login("ann@example.test", "secret words")


@pytest.mark.parametrize("email", ["x@y.c|com", "nobody", "a@b", "a b@c.de", "a@c.de\x00", "a" * 300 + "@c.de", ""])
async def test_a_malformed_email_is_not_acceptable(service: Service, users: Rows, email: str) -> None:
    for path in ("/register", "/login"):
        answer = await service.post(path, {"email": email, "password": "secret words"})
        assert (answer.status_code, answer.json()["detail"]) == (400, "This e-mail is not acceptable")
    assert await users.count_documents({}) == 0


@pytest.mark.parametrize("wrong", [{"email": "bob@example.test"}, {"password": "secret word"}])
async def test_wrong_credentials_are_not_told_apart(service: Service, wrong: dict[str, str]) -> None:
    await service.register("ann@example.test")
    answer = await service.post("/login", CREDENTIALS | wrong)
    assert (answer.status_code, answer.json()["detail"]) == (401, "Incorrect e-mail or password")
    assert "Token-Type" not in answer.headers


async def test_refresh_reads_the_role_again(service: Service, users: Rows) -> None:
    await service.register("ann@example.test")
    tokens = await service.login("ann@example.test")
    await users.update_one({}, {"$set": {"role": "admin"}})
    refreshed = await service.post("/refresh", {"refresh_token": tokens["refresh_token"]})
    assert claims(refreshed.json()["access_token"])["role"] == "admin"


async def test_an_unknown_path_is_told_in_the_clients_words(service: Service) -> None:
    answer = await service.client.get("/nothing")
    assert (answer.status_code, answer.json()["detail"]) == (404, "Endpoint not found!")


async def test_health_is_ok_while_the_database_answers(service: Service) -> None:
    answer = await service.client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
