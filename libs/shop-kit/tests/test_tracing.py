"""One trace from the request to the events it causes."""

import re

import httpx2
import pytest
from fastapi import FastAPI
from shop_kit.tracing import TraceMiddleware, enter_trace, trace_id_of, traceparent

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
HEADER = f"00-{TRACE}-00f067aa0ba902b7-01"


def test_a_trace_is_continued_with_a_new_span() -> None:
    assert enter_trace(HEADER.encode()) == TRACE
    first, second = traceparent(), traceparent()
    for header in (first, second):
        assert re.fullmatch(rf"00-{TRACE}-[0-9a-f]{{16}}-01".encode(), header)
    assert len({first, second, HEADER.encode()}) == 3


@pytest.mark.parametrize(
    "malformed",
    [None, b"", b"x", HEADER.upper().encode(), HEADER.encode() + b"\n", b"01" + HEADER[2:].encode(), b"\xff" * 55],
)
def test_a_malformed_header_begins_a_new_trace(malformed: bytes | None) -> None:
    trace = trace_id_of(malformed)
    assert re.fullmatch("[0-9a-f]{32}", trace)
    assert trace != TRACE
    assert trace != trace_id_of(malformed)


async def test_each_answer_names_its_trace() -> None:
    app = FastAPI()
    app.add_middleware(TraceMiddleware)

    @app.get("/here")
    async def here() -> str:
        return traceparent().decode()

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test") as client:
        answer = await client.get("/here", headers={"traceparent": HEADER})
        assert answer.headers["X-Request-ID"] == TRACE
        assert answer.json().split("-")[1] == TRACE
        others = {(await client.get(path)).headers["X-Request-ID"] for path in ("/here", "/here", "/nowhere")}
        assert len(others | {TRACE}) == 4
