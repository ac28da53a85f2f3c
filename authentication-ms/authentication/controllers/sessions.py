"""Routes that give tokens."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from authentication.controllers.parts import AccountsPart
from authentication.errors import IncorrectTokenError
from authentication.schemas import AccessToken, Credentials, RefreshRequest, TokenPair, problems


class RefreshRoute(APIRoute):
    """Clients of /refresh know one refusal: what has no readable token is answered as a wrong token."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_or_refuse(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                if any(e["type"] == "json_invalid" for e in error.errors()):
                    raise
                raise IncorrectTokenError() from None

        return handle_or_refuse


router = APIRouter(tags=["authentication"])
refresh_router = APIRouter(tags=["authentication"], route_class=RefreshRoute)


@router.post("/login", summary="Sign in", responses=problems(400, 401, 422, 503))
async def login(body: Credentials, accounts: AccountsPart, response: Response) -> TokenPair:
    user = await accounts.login(body.email, body.password)
    _announce_tokens(response)
    return TokenPair(access_token=accounts.tokens.access(user), refresh_token=accounts.tokens.refresh(user))


@refresh_router.post("/refresh", summary="Get a new access token", responses=problems(400, 401, 503))
async def refresh(body: RefreshRequest, accounts: AccountsPart, response: Response) -> AccessToken:
    token = await accounts.refresh(body.refresh_token)
    _announce_tokens(response)
    return AccessToken(access_token=token)


def _announce_tokens(response: Response) -> None:
    # RFC 6749, section 5.1, forbids caches to keep tokens.
    response.headers.update({"Token-Type": "Bearer", "Cache-Control": "no-store"})
