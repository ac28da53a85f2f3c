"""A running authentication-ms on a real database; each test has a database of its own."""

import os
import secrets
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient

sys.path.append(str(Path(__file__).parent))
from authentication_testing import Rows, Service, StartService, running_service


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, mongo_uri: str, tmp_path: Path) -> pytest.MonkeyPatch:
    """The environment of the service: only what a test sets."""
    for name in list(os.environ):
        if name.startswith(("JWT_", "DB_", "AUTHENTICATION_")) or name in ("ENVIRONMENT", "LOG_FORMAT", "LOG_LEVEL"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("MONGODB_URI", mongo_uri)
    monkeypatch.setenv("DB_NAME", f"test_{secrets.token_hex(6)}")
    monkeypatch.setenv("JWT_KEYS_FOLDER", str(tmp_path / "keys"))
    return monkeypatch


@pytest.fixture
async def users(mongo_uri: str) -> AsyncIterator[Rows]:
    """The rows themselves, to look behind the service's back."""
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongo_uri)
    yield client[os.environ["DB_NAME"]].users
    await client.drop_database(os.environ["DB_NAME"])
    await client.close()


@pytest.fixture
def start(users: Rows) -> StartService:
    """Starts the service with the settings of now; several times, if a test needs it."""
    return running_service


@pytest.fixture
async def service(start: StartService) -> AsyncIterator[Service]:
    async with start() as running:
        yield running
