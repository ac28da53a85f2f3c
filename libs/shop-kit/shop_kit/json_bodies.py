"""Clients of this shop send JSON without saying so: no Content-Type, or one that their tool made up.

fetch() calls a string body `text/plain`, and `curl -d` calls it a form.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

_MADE_UP = (b"text/plain", b"application/x-www-form-urlencoded")


class JsonBodies:
    """Reads such a body as the JSON it is meant to be. Tokens travel in a header, so no foreign form gains anything."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["headers"] = [
                (name, value)
                for name, value in scope["headers"]
                if not (name == b"content-type" and value.lower().startswith(_MADE_UP))
            ]
        await self.app(scope, receive, send)
