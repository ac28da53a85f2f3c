"""Sends bytes and reads answers: kept connections for what is HTTP, a connection of its own for what may not be."""

import asyncio
import contextlib
import time
from typing import cast

from local_stack.ports import LOOPBACK

from tests.fuzz.cases import EVENTS, Answer, Case, Outcome

ANSWER_SECONDS = 30.0
"""Within which every whole request is answered: the gateway gives up on a service after ten."""

SILENCE_SECONDS = 0.3
"""How long one waits for an answer to half a request, or for a second answer."""

KEPT_SECONDS = 2.0
"""For how long an idle connection is used again; servers close it after five."""


class Line:
    """A connection to one port, kept from one request to the next."""

    def __init__(self, port: int):
        self._port = port
        self._used = float("-inf")
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def send(self, case: Case) -> Outcome:
        """The answer to a whole request."""
        if self._writer is None or time.monotonic() - self._used > KEPT_SECONDS:
            self.close()
            self._reader, self._writer = await asyncio.open_connection(LOOPBACK, self._port, limit=2**24)
        assert self._reader is not None
        sent = case.sent
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                self._writer.write(sent)
                answer = await read_answer(self._reader, head_only=sent.startswith(b"HEAD "))
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            self.close()
            return Outcome([], closed=True)
        self._used = time.monotonic()
        if answer.headers.get("connection") == "close":
            self.close()
        return Outcome([answer], closed=self._writer is None)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


async def read_answer(reader: asyncio.StreamReader, head_only: bool) -> Answer:
    """The next answer, of a stream of events its first chunk. Raises IncompleteReadError if the connection ends
    before it does."""
    while True:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:-2])}
        answer = Answer(int(lines[0].split(" ")[1]), headers)
        if answer.status >= 200:
            break
    if answer.status in (204, 304):
        return answer
    if head_only:
        # A verb that was not understood is answered as any other.
        answer.body = await reader.read() if headers.get("connection") == "close" else b""
        return answer
    if headers.get("content-type", "").startswith(EVENTS):
        answer.body = await reader.readexactly(int(await reader.readuntil(b"\r\n"), 16))
        # The rest of it never ends, so that nothing else can be asked on this connection.
        headers["connection"] = "close"
    elif headers.get("transfer-encoding") == "chunked":
        while size := int(await reader.readuntil(b"\r\n"), 16):
            answer.body += (await reader.readexactly(size + 2))[:-2]
        await reader.readexactly(2)
    else:
        answer.body = await reader.readexactly(int(headers["content-length"]))
    return answer


async def alone(case: Case, port: int) -> Outcome:
    """Everything that comes back for a case on a connection of its own, until that is closed or stays silent."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port, limit=2**24)
    outcome = Outcome([], closed=False)
    transport = cast(asyncio.Transport, writer.transport)
    if case.deaf:
        transport.pause_reading()
    sending = asyncio.create_task(_trickle(writer, case))
    patience = ANSWER_SECONDS if case.whole else len(case.pieces) * case.pause + SILENCE_SECONDS
    try:
        if case.deaf:
            await asyncio.sleep(case.deaf)
            transport.resume_reading()
        while True:
            async with asyncio.timeout(SILENCE_SECONDS / 3 if outcome.answers else patience):
                outcome.answers.append(await read_answer(reader, case.sent.startswith(b"HEAD ")))
    except asyncio.IncompleteReadError as error:
        outcome.closed, outcome.rest = True, error.partial
    except ConnectionError:
        outcome.closed = True
    except TimeoutError:
        pass
    except (ValueError, KeyError, IndexError) as error:
        outcome.rest = f"no HTTP: {error}".encode()
    finally:
        sending.cancel()
        writer.close()
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await sending
    return outcome


async def _trickle(writer: asyncio.StreamWriter, case: Case) -> None:
    for piece in case.pieces:
        with contextlib.suppress(ConnectionError):
            writer.write(piece)
            await writer.drain()
        if case.pause:
            await asyncio.sleep(case.pause)
