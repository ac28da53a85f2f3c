"""The fuzzers' client tells what a server did, whatever that was."""

import asyncio
import time
from dataclasses import replace

import pytest

from tests.fuzz.cases import Case, request
from tests.fuzz.client import Line, alone

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
FAILED = b"HTTP/1.1 500 Internal Server Error\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
CASE = Case("bodies", "gateway-ms", (request("GET", "/api/products"),))


async def served(said: bytes, case: Case = CASE, *, kept: bool = False) -> tuple[list[int], bool, bytes]:
    """Statuses, whether the connection was closed, and what was no answer, of a server that says this and hangs up."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        outcome = await (Line(port).send(case) if kept else alone(case, port))
    return [answer.status for answer in outcome.answers], outcome.closed, outcome.rest


@pytest.mark.parametrize("kept", [True, False])
async def test_a_server_error_is_told(kept: bool) -> None:
    assert (await served(FAILED, kept=kept))[0] == [500]


@pytest.mark.parametrize("kept", [True, False])
async def test_a_connection_that_ends_without_an_answer_is_told(kept: bool) -> None:
    assert await served(b"", kept=kept) == ([], True, b"")


async def test_every_answer_is_told() -> None:
    assert await served(OK + FAILED) == ([200, 500], True, b"")


async def test_half_an_answer_is_told() -> None:
    assert await served(OK + OK[:20]) == ([200], True, OK[:20])


async def test_an_interim_answer_is_none() -> None:
    assert await served(b"HTTP/1.1 100 Continue\r\n\r\n" + OK) == ([200], True, b"")


async def test_a_deaf_client_reads_late() -> None:
    deaf = replace(CASE, deaf=0.3)
    began = time.monotonic()
    assert await served(OK, deaf) == ([200], True, b"")
    assert time.monotonic() - began >= 0.3
