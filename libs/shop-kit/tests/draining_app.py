"""A service for the tests of the drain: `uvicorn --factory draining_app:create_app`."""

from fastapi import APIRouter, FastAPI
from shop_kit.life import Life
from shop_kit.service import create_service
from shop_kit.settings import ServiceSettings, load

router = APIRouter()


@router.post("/orders")
async def place() -> dict[str, str]:
    return {"status": "PENDING"}


async def begin() -> None: ...


def create_app() -> FastAPI:
    return create_service("draining", load(ServiceSettings), [router], Life(begin))
