"""How every service is put together: one FastAPI application with the same errors, traces, health and routes."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from fastapi import APIRouter, Depends, FastAPI

from shop_kit.drain import Drain
from shop_kit.errors import ProblemError, install_error_handlers
from shop_kit.health import Check, error_router, health_router
from shop_kit.json_bodies import JsonBodies
from shop_kit.life import Life
from shop_kit.logging import configure_logging
from shop_kit.settings import ServiceSettings
from shop_kit.tracing import TraceMiddleware


def create_service(
    name: str,
    settings: ServiceSettings,
    routers: list[APIRouter],
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
    ready: Sequence[Check] = (),
    whole: Sequence[Check] = (),
    alive: Callable[[], bool] = lambda: True,
    malformed: type[ProblemError] | None = None,
    always: Sequence[APIRouter] = (),
) -> FastAPI:
    """The application named `name`; `lifespan` opens and closes what its services need. A Life's start has to be done
    before `routers` answer; those that need nothing of it are `always` there."""
    configure_logging(name, settings)
    app = FastAPI(
        title=name,
        version="1.0.0",
        lifespan=lifespan,
        strict_content_type=False,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
    )
    install_error_handlers(app, malformed)
    begun = [lifespan.check] if isinstance(lifespan, Life) else []
    for router in routers:
        app.include_router(router, dependencies=[Depends(check) for check in begun])
    for router in [*always, health_router([*begun, *ready], whole, alive)]:
        app.include_router(router)
    if settings.enable_error_routes:
        app.include_router(error_router())
    app.add_middleware(JsonBodies)
    app.add_middleware(TraceMiddleware)
    if isinstance(lifespan, Life):
        # The gateway has none: it answers most requests in front of this application, and drains there.
        app.add_middleware(Drain, seconds=settings.drain_seconds)
    return app
