"""How the whole shop is. The gateway's own health is /health, as in every service."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from shop_kit.errors import ProblemResponse, UnavailableError, problem_body

from gateway.upstreams import Upstreams

router = APIRouter(tags=["gateway"])


@router.get("/api/health", summary="How each service is")
async def overall_health(request: Request) -> JSONResponse:
    """200 when every service can serve requests, `degraded` when what follows them waits, else 503; each names the
    state of each."""
    upstreams: Upstreams = request.app.state.upstreams
    states = await asyncio.gather(*(_state(upstreams, name) for name in upstreams.names))
    services = dict(zip(upstreams.names, states, strict=True))
    if "unavailable" not in states:
        return JSONResponse({"status": "degraded" if "degraded" in states else "ok", "services": services})
    body = problem_body(UnavailableError.status, UnavailableError.detail) | {"services": services}
    return ProblemResponse(body, UnavailableError.status, UnavailableError().headers)


async def _state(upstreams: Upstreams, name: str) -> str:
    try:
        answer = await upstreams.ask(name, "/health")
    except UnavailableError:
        return "unavailable"
    return "degraded" if answer.get("status") == "degraded" else "ok"
