"""A process that is told to end takes leave of its clients first, so that no request is lost on its way.

uvicorn closes kept connections that are idle as soon as it is told to end. A request that was sent on one at that
moment gets no answer, and a POST can't be tried again (RFC 9112, 9.3.1). So for a while every answer says
`Connection: close`, and new connections are still taken; only then the server hears of the end. It works for clients
that keep an idle connection for a shorter while, and that are led elsewhere when they connect anew.

Tested in tests/test_drain.py. Why: docs/decisions/0024-drained-before-the-end.md
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shop_kit.endings import when_told_to_end


class Drain:
    """The application `app`, whose process ends `seconds` after it is told to; 0 changes nothing."""

    def __init__(self, app: ASGIApp, seconds: float):
        self._app = app
        self._seconds = seconds
        self._draining = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def closing(message: Message) -> None:
            if self._draining and message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        if not self._seconds:
            await self._app(scope, receive, send)
        elif scope["type"] == "lifespan":
            with when_told_to_end(self._begin, self._seconds):
                await self._app(scope, receive, send)
        else:
            await self._app(scope, receive, closing)

    def _begin(self) -> None:
        self._draining = True
