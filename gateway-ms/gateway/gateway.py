"""The door: every request is looked up, checked, and only then passed on or answered here."""

from shop_kit.endings import answered_when_cut_off
from shop_kit.errors import ProblemError, problem_response
from shop_kit.tracing import enter_trace
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.guard import Guard
from gateway.headers import read_head
from gateway.proxy import Proxy
from gateway.routes import Routes


class Gateway:
    """The ASGI application. `own` answers the gateway's own routes, and the server's start and stop."""

    def __init__(self, own: ASGIApp, routes: Routes, guard: Guard, proxy: Proxy):
        self._own = own
        self._routes = routes
        self._guard = guard
        self._proxy = proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._own(scope, receive, send)
        else:
            await answered_when_cut_off(self._answer, scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = ""
        try:
            head = read_head(scope["headers"])
            request_id = enter_trace(head.traceparent)
            route = self._routes.find(scope["method"], scope["raw_path"])
            if not route.upstream:
                await self._own({**scope, "method": route.verb}, receive, send)
                return
            await self._guard.admit(route.who, head.authorization)
            await self._proxy.forward(route, head, request_id, scope, receive, send)
        except ProblemError as error:
            error.headers["X-Request-ID"] = request_id or enter_trace(None)
            await problem_response(error)(scope, receive, send)
