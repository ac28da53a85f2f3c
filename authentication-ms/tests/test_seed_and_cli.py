"""Demo accounts, in development only; and how an admin is made."""

import asyncio
import sys

import pytest
from authentication import cli
from authentication_testing import Rows, Service, StartService, claims

DEMO = {"aaa@aaa.com": "user", "bbb@bbb.com": "user", "ccc@ccc.com": "user", "admin@admin.com": "admin"}


async def test_production_has_no_demo_accounts(service: Service, users: Rows) -> None:
    assert await users.count_documents({}) == 0


async def test_development_has_the_demo_accounts_once(
    settings: pytest.MonkeyPatch, start: StartService, users: Rows
) -> None:
    settings.setenv("ENVIRONMENT", "development")
    async with start() as service:
        for email, role in DEMO.items():
            assert claims((await service.login(email, email))["access_token"])["role"] == role
    rows = await users.find().to_list()
    async with start():
        assert await users.find().to_list() == rows
    assert len(rows) == 4


async def test_other_accounts_keep_demo_accounts_out(
    settings: pytest.MonkeyPatch, start: StartService, users: Rows
) -> None:
    async with start() as service:
        await service.register("ann@example.test")
    settings.setenv("ENVIRONMENT", "development")
    async with start():
        assert [row["email"] async for row in users.find()] == ["ann@example.test"]


async def run_cli(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["authentication.cli", *arguments])
    return await asyncio.to_thread(cli.main)


async def test_the_command_makes_an_admin(
    service: Service, settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await service.register("ann@example.test")
    await service.register("bob@example.test")
    assert await run_cli(settings, "make-admin", "ANN@example.test") == 0
    assert "ANN@example.test is an admin\n" in capsys.readouterr().out
    roles = [claims((await service.login(f"{n}@example.test"))["access_token"])["role"] for n in ("ann", "bob")]
    assert roles == ["admin", "user"]


async def test_the_command_names_an_unknown_account(
    service: Service, users: Rows, settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run_cli(settings, "make-admin", "nobody@example.test") == 1
    assert "There is no account nobody@example.test" in capsys.readouterr().err
    assert await users.count_documents({}) == 0
