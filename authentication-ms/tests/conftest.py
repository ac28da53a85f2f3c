"""A running authentication-ms on a real database; each test has a database of its own."""

import os
import secrets
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient

sys.path.append(str(Path(__file__).parent))
from authentication_testing import ANN, Replicas, Rows, Service, StartService, running_service


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
def families(users: Rows) -> Rows:
    """The sign-ins of browsers, to look behind the service's back."""
    return users.database.families


@pytest.fixture
def clock(settings: pytest.MonkeyPatch) -> list[float]:
    """The time of every process under test, which a test moves; it begins at a whole second."""
    now = [float(int(time.time()))]
    settings.setattr(time, "time", lambda: now[0])
    return now


@pytest.fixture
def start(users: Rows) -> StartService:
    """Starts the service with the settings of now; several times, if a test needs it."""
    return running_service


@pytest.fixture
async def service(start: StartService) -> AsyncIterator[Service]:
    async with start() as running:
        yield running


@pytest.fixture
async def replicas(start: StartService) -> AsyncIterator[Replicas]:
    """Two processes of the service, and an account."""
    async with start() as first, start() as rival:
        await first.register(ANN)
        yield first, rival
