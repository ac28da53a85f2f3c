"""A service listens while its start waits, and ends in time whatever its parts do."""

import asyncio
import time

import httpx2
import pytest
from aiokafka.errors import KafkaConnectionError
from fastapi import APIRouter, FastAPI
from shop_kit import life, tasks, waiting
from shop_kit.errors import UnavailableError
from shop_kit.health import health_router
from shop_kit.life import Life
from shop_kit.service import create_service
from shop_kit.settings import ServiceSettings

router, always = APIRouter(), APIRouter()


@router.get("/work")
@always.get("/always")
async def work() -> str:
    return "done"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life, "START_SECONDS", 0.05)
    monkeypatch.setattr(life, "CLOSE_SECONDS", 0.2)
    monkeypatch.setattr(tasks, "END_SECONDS", 0.05)
    monkeypatch.setattr(waiting, "LONGEST_WAIT", 0.02)


async def statuses(app: FastAPI, *paths: str) -> list[int]:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test") as client:
        return [(await client.get(path)).status_code for path in paths]


async def test_it_listens_while_its_database_is_down_and_begins_when_it_is_back() -> None:
    down, worked = True, asyncio.Event()

    async def begin() -> None:
        if down:
            raise KafkaConnectionError("down")

    async def background() -> None:
        worked.set()

    lifespan = Life(begin, (background,))
    app = create_service("test", ServiceSettings(), [router], lifespan, always=[always])
    paths = ("/work", "/always", "/health", "/health/live")
    async with lifespan(app):
        assert await statuses(app, *paths) == [503, 200, 503, 200]
        assert not worked.is_set()
        down = False
        await asyncio.wait_for(worked.wait(), 5)
        assert await statuses(app, *paths) == [200, 200, 200, 200]


async def test_a_start_that_is_wrong_fails() -> None:
    async def begin() -> None:
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        async with Life(begin)(FastAPI()):
            pass


async def test_work_ends_before_its_parts_are_closed_in_their_order() -> None:
    told: list[str] = []

    async def background() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            told.append("work")

    async def close(what: str) -> None:
        told.append(what)

    async def begin() -> None:
        told.append("begin")

    async with Life(begin, (background,), (lambda: close("publisher"), lambda: close("database")))(FastAPI()):
        await asyncio.sleep(0.01)
    assert told == ["begin", "work", "publisher", "database"]


async def test_the_end_waits_for_no_part_that_does_not_answer() -> None:
    answer = asyncio.Event()

    async def deaf() -> None:
        await answer.wait()

    async def begin() -> None: ...

    began = time.monotonic()
    async with Life(begin, (), (deaf,))(FastAPI()):
        pass
    assert 0.2 <= time.monotonic() - began < 1
    answer.set()


async def test_what_waits_is_degraded_and_still_ready() -> None:
    broker = "the broker does not answer"

    async def works() -> None: ...

    async def waits() -> None:
        raise UnavailableError(broker)

    app = FastAPI()
    app.include_router(health_router([works], [works, waits]))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test") as client:
        answer = await client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "degraded", "waiting": [broker]})
