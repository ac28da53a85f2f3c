"""Clients of this shop send JSON without saying so: no Content-Type, or the `text/plain` that fetch() puts there."""

from starlette.types import ASGIApp, Receive, Scope, Send


class JsonBodies:
    """Reads a `text/plain` body as the JSON it is meant to be. Tokens travel in a header, so no form can forge one."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["headers"] = [
                (name, value)
                for name, value in scope["headers"]
                if not (name == b"content-type" and value.lower().startswith(b"text/plain"))
            ]
        await self.app(scope, receive, send)
