"""What the tests of authentication-ms share."""

import json
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx2
from authentication.app import create_app
from authentication.services.accounts import Accounts
from fastapi import FastAPI
from pymongo.asynchronous.collection import AsyncCollection

ANN = "ann@example.test"
Rows = AsyncCollection[dict[str, Any]]


class Service:
    """The application, started, with a client to call it."""

    def __init__(self, app: FastAPI, client: httpx2.AsyncClient):
        self.app, self.client = app, client

    @property
    def accounts(self) -> Accounts:
        accounts: Accounts = self.app.state.accounts
        return accounts

    async def post(self, path: str, body: Any = None, **kwargs: Any) -> httpx2.Response:
        return await self.client.post(path, json=body, **kwargs)

    async def register(self, email: str, password: str = "secret words") -> None:
        answer = await self.post("/register", {"email": email, "password": password})
        assert answer.status_code == 201, answer.text

    async def login(self, email: str, password: str = "secret words") -> dict[str, str]:
        answer = await self.post("/login", {"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def sign_out_everywhere(self, access_token: str) -> httpx2.Response:
        return await self.post("/logout-everywhere", headers={"Authorization": f"Bearer {access_token}"})

    async def sign_in(self, email: str = ANN) -> str:
        """What a browser's cookie holds after signing in."""
        return cookie_in(await self.post("/login", {"email": email, "password": "secret words"}))

    async def send_cookie(self, path: str, token: str, body: Any = None) -> httpx2.Response:
        return await self.post(path, body, headers={"Cookie": f"refresh_token={token}".encode()})

    async def next_turn(self, token: str) -> str:
        """What the cookie holds after a refresh by cookie, which must succeed."""
        return cookie_in(await self.send_cookie("/refresh", token))

    async def refreshed_status(self, refresh_token: str) -> int:
        return (await self.post("/refresh", {"refresh_token": refresh_token})).status_code


Replicas = tuple[Service, Service]
StartService = Callable[[], AbstractAsyncContextManager[Service]]


@asynccontextmanager
async def running_service() -> AsyncIterator[Service]:
    app = create_app()
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app, raise_app_exceptions=False), base_url="http://test"
        ) as client,
    ):
        yield Service(app, client)


def part(token: str, number: int) -> dict[str, Any]:
    """The header (0) or the claims (1) of a token, unverified."""
    text = token.split(".")[number]
    return dict(json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4))))


def claims(token: str) -> dict[str, Any]:
    return part(token, 1)


def cookie_in(answer: httpx2.Response) -> str:
    """The value of the one cookie that a good answer sets."""
    assert answer.status_code == 200, answer.text
    [header] = answer.headers.get_list("set-cookie")
    return header.removeprefix("refresh_token=").partition(";")[0]


def assert_signed_out(answer: httpx2.Response) -> None:
    """The cookie was refused, and is taken from the browser."""
    assert (answer.status_code, answer.json()["detail"]) == (401, "Incorrect token")
    assert answer.headers.get_list("set-cookie") == [REMOVED]
    assert "Token-Type" not in answer.headers


REMOVED = "refresh_token=; Max-Age=0; Path=/api; HttpOnly; SameSite=Strict; Secure"
