"""What the controllers work with, as the application holds it."""

from typing import Annotated, cast

from fastapi import Depends, Request

from authentication.services.accounts import Accounts


def _accounts(request: Request) -> Accounts:
    return cast(Accounts, request.app.state.accounts)


AccountsPart = Annotated[Accounts, Depends(_accounts)]
