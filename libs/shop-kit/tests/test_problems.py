"""Every error is a problem+json with a string `detail`, and never repeats what was sent."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel
from pymongo.errors import AutoReconnect, OperationFailure, ServerSelectionTimeoutError
from shop_kit.errors import NotAllowedError, NotSignedInError, UnavailableError, install_error_handlers
from shop_kit.json_bodies import JsonBodies
from shop_kit.life import Life
from shop_kit.mongo import ConflictError
from shop_kit.outage import install_outage_handler
from shop_kit.service import create_service
from shop_kit.settings import ServiceSettings

ERRORS: dict[str, Exception] = {
    "signed-out": NotSignedInError(),
    "not-allowed": NotAllowedError(),
    "unavailable": UnavailableError(retry_after=7),
    "no-database": ServerSelectionTimeoutError("10.0.0.1:27017 refused"),
    "lost": AutoReconnect("10.0.0.1:27017"),
    "conflict": ConflictError(),
    "login": OperationFailure("Authentication failed.", 18),
    "not-authorized": OperationFailure("not authorized on shop", 13),
    "bug": ZeroDivisionError("secret"),
    "bad-query": OperationFailure("secret", 2),
}


class Password(BaseModel):
    password: int


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI(strict_content_type=False)
    install_error_handlers(app)
    install_outage_handler(app)
    app.add_middleware(JsonBodies)

    @app.get("/errors/{name}")
    async def fail(name: str) -> None:
        raise ERRORS[name]

    @app.post("/passwords")
    async def set_password(body: Password) -> int:
        await asyncio.sleep(0)
        return body.password

    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as made:
        yield made


@pytest.mark.parametrize(
    ("name", "status", "detail", "header"),
    [
        ("signed-out", 401, "You have no access to this resource!", ("WWW-Authenticate", "Bearer")),
        ("not-allowed", 403, "You have no access to this resource!", None),
        ("unavailable", 503, "Service unavailable!", ("Retry-After", "7")),
        ("no-database", 503, "Service unavailable!", ("Retry-After", "1")),
        ("lost", 503, "Service unavailable!", ("Retry-After", "1")),
        ("conflict", 503, "Service unavailable!", ("Retry-After", "1")),
        ("login", 503, "Service unavailable!", ("Retry-After", "1")),
        ("not-authorized", 503, "Service unavailable!", ("Retry-After", "1")),
        ("bug", 500, "Internal error", None),
        ("bad-query", 500, "Internal error", None),
    ],
)
async def test_errors(
    client: httpx2.AsyncClient, name: str, status: int, detail: str, header: tuple[str, str] | None
) -> None:
    answer = await client.get(f"/errors/{name}")
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert list(body) == ["type", "title", "status", "detail"]
    assert (body["type"], body["status"], body["detail"]) == ("about:blank", status, detail)
    if header:
        assert answer.headers[header[0]] == header[1]


async def test_a_request_that_does_not_fit_is_told_where_but_not_what(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/passwords", json={"password": "hunter2"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("body/password: Input should be a valid integer")
    [place] = answer.json()["errors"]
    assert (place["in"], place["pointer"]) == ("body", "/password")
    assert "hunter2" not in answer.text


@pytest.mark.parametrize(
    "content_type", [None, "application/json", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded"]
)
async def test_json_is_read_whatever_it_is_called(client: httpx2.AsyncClient, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = await client.post("/passwords", content=b'{"password": 5}', headers=headers)
    assert (answer.status_code, answer.json()) == (200, 5)
    answer = await client.post("/passwords", content=b'{"password": ', headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (400, "Malformed JSON at position 13: Expecting value")


async def test_an_unknown_path_and_verb(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/nowhere")
    assert (answer.status_code, answer.json()["detail"]) == (404, "Endpoint not found!")
    answer = await client.put("/passwords")
    assert (answer.status_code, answer.json()["detail"]) == (405, "Method Not Allowed")
    assert answer.headers["Allow"] == "POST"


async def test_a_path_with_a_slash_too_many_is_unknown() -> None:
    """A redirect would name the host that the client said."""
    router = APIRouter()

    @router.get("/things")
    async def things() -> list[str]:
        return []

    app = create_service("test", ServiceSettings(), [router], Life(_nothing), ready=[])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://evil.test") as client:
        answer = await client.get("/things/")
    assert (answer.status_code, answer.json()["detail"]) == (404, "Endpoint not found!")
    assert "Location" not in answer.headers


async def _nothing() -> None: ...
