"""Routes that give tokens, and the one that takes the cookie's back."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from authentication.controllers.cookie import SET_COOKIE, SentCookie, SessionCookie
from authentication.controllers.parts import AccountsPart, CookiePart, SessionsPart
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


@router.post("/login", summary="Sign in", responses={200: SET_COOKIE, **problems(400, 401, 422, 503)})
async def login(
    body: Credentials,
    request: Request,
    response: Response,
    accounts: AccountsPart,
    sessions: SessionsPart,
    cookie: CookiePart,
) -> TokenPair:
    user = await accounts.login(body.email, body.password)
    if cookie.may_be_given(request):
        session = await sessions.begin(user)
        response.headers["Set-Cookie"] = cookie.keeping(session.token, session.expires)
    _announce_tokens(response)
    return TokenPair(access_token=accounts.tokens.access(user), refresh_token=accounts.tokens.refresh(user))


@refresh_router.post(
    "/refresh", summary="Get a new access token", responses={200: SET_COOKIE, **problems(400, 401, 503)}
)
async def refresh(
    response: Response,
    accounts: AccountsPart,
    sessions: SessionsPart,
    cookie: CookiePart,
    body: RefreshRequest | None = None,
    sent: SentCookie = None,
) -> AccessToken:
    if body is not None and body.refresh_token is not None:
        access = await accounts.refresh(body.refresh_token)
    elif sent is not None:
        with _removing_a_wrong_one(cookie):
            access, session = await sessions.refresh(sent)
        response.headers["Set-Cookie"] = cookie.keeping(session.token, session.expires)
    else:
        raise IncorrectTokenError()
    _announce_tokens(response)
    return AccessToken(access_token=access)


@router.post(
    "/logout",
    status_code=204,
    summary="End the session of the browser's cookie, if it sends one",
    responses={204: SET_COOKIE, **problems(503)},
)
async def logout(response: Response, sessions: SessionsPart, cookie: CookiePart, sent: SentCookie = None) -> None:
    if sent is not None:
        await sessions.end(sent)
        response.headers["Set-Cookie"] = cookie.removed


@contextmanager
def _removing_a_wrong_one(cookie: SessionCookie) -> Iterator[None]:
    try:
        yield
    except IncorrectTokenError as refusal:
        refusal.headers["Set-Cookie"] = cookie.removed
        raise


def _announce_tokens(response: Response) -> None:
    # RFC 6749, section 5.1, forbids caches to keep tokens.
    response.headers.update({"Token-Type": "Bearer", "Cache-Control": "no-store"})
