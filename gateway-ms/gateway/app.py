"""gateway-ms: the one door to the shop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from shop_kit.drain import Drain
from shop_kit.endings import when_told_to_end
from shop_kit.identity import TokenVerifier
from shop_kit.service import create_service
from shop_kit.settings import load
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from gateway.controllers import docs, health
from gateway.gateway import Gateway
from gateway.guard import Guard
from gateway.openapi import Document
from gateway.proxy import Proxy
from gateway.routes import Routes
from gateway.settings import GatewaySettings
from gateway.upstreams import Upstreams


def create_app() -> ASGIApp:
    """The application, set by the environment."""
    settings = load(GatewaySettings)
    upstreams = Upstreams(settings)
    proxy = Proxy(settings, upstreams)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with upstreams:
            app.state.upstreams = upstreams
            app.state.document = Document(upstreams)
            with when_told_to_end(proxy.end_streams):
                yield

    own = create_service("gateway-ms", settings, [health.router, docs.router], lifespan, ready=[])
    gateway = Gateway(
        own,
        Routes(with_ops=settings.enable_error_routes),
        Guard(TokenVerifier(settings)),
        proxy,
    )
    return Drain(_for_other_origins(gateway, settings), settings.drain_seconds)


def _for_other_origins(gateway: ASGIApp, settings: GatewaySettings) -> ASGIApp:
    if not settings.cors_allowed_origins:
        return gateway
    return CORSMiddleware(
        gateway,
        allow_origins=settings.cors_allowed_origins,
        # The session's cookie. Where any page may ask, none may ask in the name of who looks at it.
        allow_credentials="*" not in settings.cors_allowed_origins,
        allow_methods=["GET", "POST", "PUT"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID"],
        expose_headers=["Token-Type", "X-Request-ID"],
    )
