"""Orders as they change: Server-Sent Events, https://html.spec.whatwg.org/multipage/server-sent-events.html"""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import StreamingResponse
from shop_kit.identity import SignedIn

from orders.schemas import shown
from orders.services.listener import Listener, Say
from orders.services.news import News

HEARTBEAT_SECONDS = 15.0
"""Whoever hears nothing for much longer has lost its connection."""

_RETRY = b"retry: 2000\n\n"
_HEARTBEAT = b": still here\n\n"
# A browser leaves an event without data out.
_READY = b"event: ready\ndata: {}\n\n"

router = APIRouter(prefix="/orders", tags=["orders"])


class EventStream(StreamingResponse):
    media_type = "text/event-stream"


async def _listening(
    request: Request,
    caller: SignedIn,
    last_event_id: Annotated[str | None, Header(description="the id of the last event that was read")] = None,
) -> AsyncIterator[Listener]:
    news: News = request.app.state.news
    with news.listening(caller.email, last_event_id) as listener:
        yield listener


@router.get(
    "/events",
    summary="Your orders as they change",
    response_class=EventStream,
    responses={429: {"description": "Too many streams of yours are open: try again after Retry-After"}},
)
async def order_events(caller: SignedIn, listener: Annotated[Listener, Depends(_listening)]) -> EventStream:
    """Server-Sent Events, until your token expires: `order`, whose data is an Order, for each of yours that is new or
    changes; and `ready` when some may have been missed: read your orders anew then, and listen on."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return EventStream(_told(listener, caller.expires), headers=headers)


async def _told(listener: Listener, expires: int) -> AsyncIterator[bytes]:
    yield _RETRY
    while (left := expires - time.time()) > 0:
        try:
            async with asyncio.timeout(min(left, HEARTBEAT_SECONDS)):
                told = await listener.next()
        except TimeoutError:
            yield _HEARTBEAT
            continue
        if told is Say.END:
            return
        if told is Say.READY:
            yield _READY
        else:
            data = shown(told.order).model_dump_json()
            yield f"event: order\nid: {told.token}\ndata: {data}\n\n".encode()
