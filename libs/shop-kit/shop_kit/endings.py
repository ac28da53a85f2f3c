"""A server that ends cuts off the requests that take too long: they are told to ask again, and no error is logged."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shop_kit.errors import UnavailableError, problem_response


async def answered_when_cut_off(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Have `app` answer. If this task is cancelled first, answer 503 (RFC 9110, 15.6.4); an answer that has begun stays
    unfinished, which closes the connection."""
    began = False

    async def noting(message: Message) -> None:
        nonlocal began
        began = True
        await send(message)

    try:
        await app(scope, receive, noting)
    except asyncio.CancelledError:
        if not began:
            await problem_response(UnavailableError())(scope, receive, send)
