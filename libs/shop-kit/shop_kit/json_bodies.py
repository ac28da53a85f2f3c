"""Clients of this shop send JSON without saying so: no Content-Type, or one that their tool made up.

fetch() calls a string body `text/plain`, and `curl -d` calls it a form.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

_MADE_UP = (b"text/plain", b"application/x-www-form-urlencoded")


class JsonBodies:
    """Reads such a body as the JSON it is meant to be.

    So a form on a foreign page can send JSON, too. It gains nothing: access tokens travel in a header, which no form
    has, and the one cookie, of authentication-ms, neither comes with a foreign page's request nor is given to one that
    does not say application/json. For its sake a made-up type is dropped, and never rewritten.
    """

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
