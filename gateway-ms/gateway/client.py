"""The near side of one exchange: the client, who may leave, dawdle, or send too much."""

import asyncio
from collections.abc import AsyncIterator

from shop_kit.errors import ProblemError, UnavailableError
from starlette.types import Receive


class BodyTooLargeError(ProblemError):
    """RFC 9110, 15.5.14."""

    status, detail = 413, "The request body is too large"


class BodyTooSlowError(ProblemError):
    """RFC 9110, 15.5.9: the connection closes, for what follows on it can't be told from the missing body."""

    status, detail = 408, "The request body took too long"

    def __init__(self) -> None:
        super().__init__(headers={"Connection": "close"})


class BodyCutShortError(ProblemError):
    status, detail = 400, "The request body is shorter than its Content-Length"


class Client:
    """Reads the body of a request, and ends the exchange, by cancelling the task that made this object, when
    the client has left or the body is refused: then `ended` is set, and `problem` says why it is refused.

    The cancelled upload closes its connection without the end of the message, so a service never takes a
    refused body for a complete one.
    """

    def __init__(self, receive: Receive, length: int | None):
        task = asyncio.current_task()
        assert task is not None
        self.ended = False
        self.problem: ProblemError | None = None
        self._receive = receive
        self._length = length
        self._task = task
        self._watch: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._reading = False
        self._over = False

    def watch(self) -> None:
        """Notice from now on when the client leaves; nothing else may read from it any more."""
        self._watch = asyncio.create_task(self._until_gone())

    async def body(self, limit: int, seconds: float) -> AsyncIterator[bytes]:
        """The body as it arrives, of at most `limit` bytes, within `seconds`."""
        self._timer = asyncio.get_running_loop().call_later(seconds, self._too_late)
        # From Python 3.12 on aiohttp asks for the body before it listens for the answer. One that fails by then leaves
        # it without a connection to listen on, which it takes for a bug.
        await asyncio.sleep(0)
        received, more = 0, True
        while more:
            self._reading = True
            message = await self._receive()
            self._reading = False
            if message["type"] == "http.disconnect":
                raise self.end(None)
            chunk: bytes = message.get("body", b"")
            received, more = received + len(chunk), message.get("more_body", False)
            if received > limit:
                raise self.end(BodyTooLargeError())
            if not more and self._length is not None and received < self._length:
                raise self.end(BodyCutShortError())
            if chunk:
                yield chunk
        self._timer.cancel()
        self.watch()

    def over(self) -> None:
        """The exchange is done: leave the client alone."""
        self._over = True
        if self._watch is not None:
            self._watch.cancel()
        if self._timer is not None:
            self._timer.cancel()

    def end(self, problem: ProblemError | None) -> asyncio.CancelledError:
        """End the exchange, by cancelling its task: `problem` is the answer, if it has none yet."""
        # The task may be cancelled once, as it is forgiven once, and not when it has gone on to something else.
        if not (self.ended or self._over):
            self.ended, self.problem = True, problem
            self._task.cancel()
        return asyncio.CancelledError()

    def forgive(self) -> None:
        """Let the task go on after the cancellation that this object asked for."""
        self._task.uncancel()

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.end(None)

    def _too_late(self) -> None:
        # The body waits for the client, or for a service that takes none of it.
        self.end(BodyTooSlowError() if self._reading else UnavailableError())
