"""What the controllers work with, as the application holds it."""

from typing import Annotated, cast

from fastapi import Depends, Request

from authentication.controllers.cookie import SessionCookie
from authentication.services.accounts import Accounts
from authentication.services.sessions import Sessions


def _accounts(request: Request) -> Accounts:
    return cast(Accounts, request.app.state.accounts)


def _sessions(request: Request) -> Sessions:
    return cast(Sessions, request.app.state.sessions)


def _cookie(request: Request) -> SessionCookie:
    return cast(SessionCookie, request.app.state.cookie)


AccountsPart = Annotated[Accounts, Depends(_accounts)]
SessionsPart = Annotated[Sessions, Depends(_sessions)]
CookiePart = Annotated[SessionCookie, Depends(_cookie)]
