"""What passes between client and service, and what ends at the gateway."""

import re

import pytest
from gateway_testing import Seen, Stack, reply
from starlette.types import Receive, Send

CLAIMS = [
    "X-User", "X-User-Email", "X-User-Role", "X-UserId", "X-Forwarded-User", "X-Forwarded-For", "X-Forwarded-Proto",
    "X-Forwarded-Host", "X-Forwarded-Port", "X-Real-IP", "X-Client-IP", "True-Client-IP", "Forwarded", "Via",
    "X-Auth-Request-Email", "X-Role", "X-Email", "X-Remote-User", "X-Original-URL", "X-Rewrite-URL",
]  # fmt: skip


@pytest.mark.parametrize("name", CLAIMS)
def test_a_client_cannot_say_who_it_is(stack: Stack, name: str) -> None:
    stack.client.get("/api/products", headers={name: "forged"})
    assert "forged" not in str(stack.service.seen[0].headers)


def test_the_gateway_says_from_where_the_request_came(stack: Stack) -> None:
    stack.client.get("/api/products", headers={"Host": "shop.example"})
    seen = stack.service.seen[0]
    assert seen.values("x-forwarded-for") == ["127.0.0.1"]
    assert seen.values("x-forwarded-proto") == ["http"]
    assert seen.values("x-forwarded-host") == ["shop.example"]
    assert seen.values("host") == [f"127.0.0.1:{stack.server.port}"]


def test_a_trusted_proxy_says_from_where_the_request_came(stack: Stack) -> None:
    gateway = stack.new_gateway(forwarded_allow_ips="127.0.0.1")
    headers = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}
    stack.client.get(gateway.url + "/api/products", headers=headers)
    assert stack.service.seen[0].values("x-forwarded-for") == ["198.51.100.7"]
    assert stack.service.seen[0].values("x-forwarded-proto") == ["https"]


def test_hop_by_hop_headers_and_those_named_in_connection_end_here(stack: Stack) -> None:
    stack.raw(
        b"GET /api/products HTTP/1.1\r\nHost: x\r\nConnection: close, X-Private, X-Forwarded-For\r\nX-Private: 1\r\n"
        b"Keep-Alive: 5\r\nTE: trailers\r\nTrailer: x\r\nProxy-Authorization: x\r\nProxy-Connection: x\r\n"
        b"Upgrade: h2c\r\nX-Kept: yes\r\nAccept: */*\r\n\r\n"
    )
    names = {name for name, _ in stack.service.seen[0].headers}
    expected = {"host", "x-kept", "accept", "traceparent", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
    assert names == expected


def test_everything_else_passes_as_it_is(stack: Stack) -> None:
    sent = [
        ("Accept", "a"), ("Accept-Encoding", "br"), ("User-Agent", "old shop/1"), ("Cookie", "a=1; b=2"),
        ("Idempotency-Key", "k"), ("X-Twice", "1"), ("X-Twice", "2"), ("X-Name", "чай"),
    ]  # fmt: skip
    stack.client.get("/api/products", headers=[(n.encode(), v.encode()) for n, v in sent])
    got = stack.service.seen[0].headers
    for name, value in sent:
        assert (name.lower(), value.encode().decode("latin-1")) in got
    assert stack.service.seen[0].values("x-twice") == ["1", "2"]
    assert stack.service.seen[0].values("content-type") == []


def test_the_query_passes_as_it_was_sent(stack: Stack) -> None:
    for query in ("name=a%2Fb+c&name=&x=%00%ff", "a=b?c/d", "%", "a[]=1&b={}|^`", "'\"<>;"):
        stack.raw(f"GET /api/products?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert stack.service.seen[-1].query == query.encode()


def test_status_and_headers_of_the_service_reach_the_client(stack: Stack) -> None:
    async def answer(seen: Seen, receive: Receive, send: Send) -> None:
        headers = [
            (b"token-type", b"Bearer"), (b"set-cookie", b"a=1; Path=/"), (b"set-cookie", b"b=2; HttpOnly"),
            (b"content-encoding", b"br"), (b"location", b"/api/products/mug"), (b"connection", b"x-private"),
            (b"x-private", b"1"), (b"keep-alive", b"5"), (b"x-request-id", b"the service's"),
        ]  # fmt: skip
        await reply(send, 418, b"not really br", headers)

    stack.service.answer = answer
    with stack.client.stream("GET", "/api/products") as got:
        assert b"".join(got.iter_raw()) == b"not really br"
    assert got.status_code == 418
    assert got.headers.get_list("set-cookie") == ["a=1; Path=/", "b=2; HttpOnly"]
    assert got.headers["token-type"] == "Bearer"
    assert got.headers["content-encoding"] == "br"
    assert got.headers["location"] == "/api/products/mug"
    assert {"x-private", "keep-alive", "connection"}.isdisjoint(got.headers)
    for once in ("date", "server", "x-request-id"):
        assert len(got.headers.get_list(once)) == 1
    assert re.fullmatch("[0-9a-f]{32}", got.headers["x-request-id"])


def test_cookies_pass_both_ways_as_they_are(stack: Stack) -> None:
    """Also beside a refusal, and however many there are; the gateway keeps none for the next request."""
    answered = [b"refresh_token=; Max-Age=0; Path=/api; HttpOnly; SameSite=Strict; Secure", b"refresh_token=x", b"b=2"]

    async def refuse(seen: Seen, receive: Receive, send: Send) -> None:
        await reply(send, 401, headers=[(b"set-cookie", cookie) for cookie in answered])

    stack.service.answer = refuse
    sent = [("Cookie", "refresh_token=a.b-c_d; theme=dark"), ("Cookie", 'refresh_token="e"')]
    got = stack.client.post("/api/refresh", headers=sent)
    assert (got.status_code, got.headers.get_list("set-cookie")) == (401, [cookie.decode() for cookie in answered])
    assert stack.service.seen[0].values("cookie") == [value for _, value in sent]
    stack.client.cookies.clear()
    stack.client.post("/api/refresh")
    assert stack.service.seen[1].values("cookie") == []


@pytest.mark.parametrize("status", [201, 204, 304, 302, 400, 500, 503])
def test_a_status_is_passed_on_and_redirects_are_not_followed(stack: Stack, status: int) -> None:
    async def answer(seen: Seen, receive: Receive, send: Send) -> None:
        body = b"" if status in (204, 304) else b"{}"
        await send({"type": "http.response.start", "status": status, "headers": [(b"location", b"/elsewhere")]})
        await send({"type": "http.response.body", "body": body})

    stack.service.answer = answer
    assert stack.client.get("/api/products").status_code == status
    assert len(stack.service.seen) == 1


def test_the_trace_of_the_client_goes_on(stack: Stack) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = stack.client.get("/api/products", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    assert answer.headers["x-request-id"] == trace
    (passed,) = stack.service.seen[0].values("traceparent")
    assert re.fullmatch(f"00-{trace}-[0-9a-f]{{16}}-01", passed)
    assert "00f067aa0ba902b7" not in passed


@pytest.mark.parametrize("sent", [None, "garbage", "00-" + "z" * 32 + "-00f067aa0ba902b7-01"])
def test_a_request_without_a_trace_gets_one(stack: Stack, sent: str | None) -> None:
    answer = stack.client.get("/api/products", headers={"traceparent": sent} if sent else {})
    (passed,) = stack.service.seen[0].values("traceparent")
    assert passed.split("-")[1] == answer.headers["x-request-id"]
