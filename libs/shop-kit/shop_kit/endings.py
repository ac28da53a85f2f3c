"""A server that ends cuts off the requests that take too long: they are told to ask again, and no error is logged.
Those whose answers have no end are told before, by the signal itself.

Tested in tests/test_shutdown.py and tests/test_live.py.
"""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

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


@contextlib.contextmanager
def when_told_to_end(then: Callable[[], None], seconds: float = 0) -> Iterator[None]:
    """Call `then` in this event loop when a signal tells the process to end: uvicorn tells its application only when
    all answers are over. Whoever listened to the signals before hears them so many seconds later; a second signal at
    once."""
    if threading.current_thread() is not threading.main_thread():
        # No other thread may listen to signals.
        yield
        return
    loop, numbers = asyncio.get_running_loop(), (signal.SIGTERM, signal.SIGINT)
    former = {number: handler for number in numbers if callable(handler := signal.getsignal(number))}

    later = [seconds] if seconds else []

    def told(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(then)
        handler = former[signal.Signals(number)]
        if later:
            loop.call_soon_threadsafe(loop.call_later, later.pop(), handler, number, None)
        else:
            handler(number, frame)

    for number in former:
        signal.signal(number, told)
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
