"""Whatever a client sends, the answer is a 4xx problem+json that says where, and nothing is done or echoed."""

import json
from typing import Any

import httpx2
import pytest
from authentication_testing import Rows, Service

SECRET = "hunter2-hunter2"
EMAIL = "ann@example.test"
GOOD = {"email": EMAIL, "password": SECRET}


def raw(**fields: str) -> bytes:
    """A body of JSON texts, which may be no JSON at all."""
    return ("{" + ", ".join(f'"{name}": {text}' for name, text in fields.items()) + "}").encode()


def with_secret(**fields: str) -> bytes:
    return raw(**({"email": f'"{EMAIL}"', "password": f'"{SECRET}"'} | fields))


BODIES = {
    "nothing": b"",
    "space": b" ",
    "cut off": b'{"email": "ann@example.test", "password": "hunter2-hunter2',
    "no JSON": b"email=ann@example.test&password=hunter2-hunter2",
    "trailing": json.dumps(GOOD).encode() + b"}",
    "null": b"null",
    "list": json.dumps([GOOD]).encode(),
    "text": json.dumps(SECRET).encode(),
    "number": b"1e999",
    "not UTF-8": b'{"email": "\xff\xfe", "password": "hunter2-hunter2"}',
    "lone surrogate": with_secret(password='"\\ud800hunter2-hunter2"'),
    "lone surrogate in the e-mail": with_secret(email='"\\ud800@example.test"'),
    "NaN": with_secret(password="NaN"),
    "NaN e-mail": with_secret(email="NaN"),
    "Infinity": with_secret(password="-Infinity"),
    "huge number": with_secret(password="9" * 4000),
    "huger number": with_secret(password="9" * 100_000),
    "float overflow": with_secret(email="1e999"),
    "null password": with_secret(password="null"),
    "list as password": with_secret(password=json.dumps([SECRET])),
    "object as password": with_secret(password=json.dumps({"$ne": SECRET})),
    "object as e-mail": with_secret(email='{"$ne": ""}'),
    "true as e-mail": with_secret(email="true"),
    "no password": raw(email=f'"{EMAIL}"'),
    "no e-mail": raw(password=f'"{SECRET}"'),
    "empty password": with_secret(password='""'),
    "long password": with_secret(password=json.dumps(SECRET * 100)),
    "huge password": with_secret(password=json.dumps(SECRET * 60_000)),
    "huge e-mail": with_secret(email=json.dumps("a" * 1_000_000 + "@b.de")),
    "null byte in the password": with_secret(password=f'"{SECRET}\\u0000"'),
    "null byte in the e-mail": with_secret(email='"ann\\u0000@example.test"'),
    "raw null byte": b'{"email": "ann@example.test\x00", "password": "hunter2-hunter2"}',
    "deep": with_secret(password="[" * 100_000),
    "deep and closed": with_secret(password="[" * 50_000 + "]" * 50_000),
}


def assert_refused(answer: httpx2.Response, statuses: set[int]) -> None:
    assert answer.status_code in statuses, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert isinstance(body["detail"], str)
    assert body["detail"]
    assert SECRET not in answer.text
    assert "Token-Type" not in answer.headers


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("content_type", [None, "application/json"])
async def test_bad_bodies(service: Service, users: Rows, body: bytes, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    for path in ("/register", "/login"):
        assert_refused(await service.client.post(path, content=body, headers=headers), {400, 422})
    assert_refused(await service.client.post("/refresh", content=body, headers=headers), {400, 401})
    assert await users.count_documents({}) == 0


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        (b'{"email": ', 400, "Malformed JSON at position 10: Expecting value"),
        (raw(email='"ann@example.test"'), 422, "body/password: Field required"),
        (with_secret(password="NaN"), 422, "body/password: Input should be a valid string"),
        (with_secret(email="5"), 422, "body/email: Input should be a valid string"),
        (with_secret(password='""'), 422, "body/password: String should have at least 1 character"),
    ],
)
async def test_the_detail_says_where(service: Service, body: bytes, status: int, detail: str) -> None:
    for path in ("/register", "/login"):
        answer = await service.client.post(path, content=body)
        assert (answer.status_code, answer.json()["detail"]) == (status, detail)


@pytest.mark.parametrize(
    "body", [None, {}, [], "text", {"refresh_token": None}, {"refresh_token": 5}, {"refresh_token": ["x"]}, {"a": 1}]
)
async def test_refresh_knows_one_refusal(service: Service, body: Any) -> None:
    answer = await service.post("/refresh", body)
    assert (answer.status_code, answer.json()["detail"]) == (401, "Incorrect token")
    assert_refused(answer, {401})


async def test_refresh_with_malformed_json_says_where(service: Service) -> None:
    answer = await service.client.post("/refresh", content=b'{"refresh_token": x}')
    assert (answer.status_code, answer.json()["detail"]) == (400, "Malformed JSON at position 18: Expecting value")


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Authorization", "")],
        [("Authorization", "Bearer")],
        [("Authorization", "Basic YTpi")],
        [("Authorization", "Bearer a b")],
        [("Authorization", "Bearer \x00")],
        [("Authorization", "Bearer " + "x" * 200_000)],
        [("Authorization", b"Bearer \xff\xfe")],
        [("Authorization", "Bearer x"), ("Authorization", "Bearer y")],
        [("Authorization", ""), ("Authorization", "Bearer y")],
    ],
)
async def test_bad_headers(service: Service, users: Rows, headers: list[tuple[str, Any]]) -> None:
    await service.register(EMAIL, SECRET)
    answer = await service.client.post("/logout-everywhere", headers=headers)
    assert_refused(answer, {401})
    assert await users.count_documents({"token_generation": 0}) == 1


async def test_doubled_content_types_and_unknown_fields_do_no_harm(service: Service, users: Rows) -> None:
    body = json.dumps(GOOD | {"_id": 1, "$set": {"role": "admin"}, "token_generation": 99}).encode()
    headers = [("Content-Type", "application/json"), ("Content-Type", "application/json")]
    answer = await service.client.post("/register", content=body, headers=headers)
    assert (answer.status_code, answer.json()) == (201, {"email": EMAIL, "role": "user"})
    row = await users.find_one({})
    assert row is not None
    assert sorted(row) == ["_id", "created_at", "email", "email_key", "password_hash", "role", "token_generation"]
    assert row["token_generation"] == 0


@pytest.mark.parametrize("path", ["/register", "/login", "/refresh", "/logout-everywhere"])
async def test_other_verbs_are_refused(service: Service, path: str) -> None:
    for verb in ("GET", "PUT", "DELETE", "PATCH"):
        assert_refused(await service.client.request(verb, path), {405})
