"""The gateway's own answers: health, origins, logs, and the way it is started."""

import os
import socket
import subprocess
import sys

import httpx2
from gateway_testing import Seen, Stack, new_key, problem, reply, token, wait_until
from starlette.types import Receive, Send


def services(stack: Stack, down: tuple[str, ...] = ()) -> None:
    async def answer(seen: Seen, receive: Receive, send: Send) -> None:
        if any(seen.path == f"/{name}/health" for name in down):
            await reply(send, 503, b'{"detail":"the database at 10.0.0.7 does not answer"}')
        else:
            await reply(send, body=b'{"status":"ok"}')

    stack.service.answer = answer


def test_health_of_the_shop(stack: Stack) -> None:
    services(stack)
    answer = stack.client.get("/api/health")
    parts = {"authentication": "ok", "products": "ok", "orders": "ok"}
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "services": parts})
    assert len(answer.headers["x-request-id"]) == 32


def test_health_of_the_shop_when_a_part_is_down(stack: Stack) -> None:
    services(stack, down=("orders",))
    answer = stack.client.get("/api/health")
    assert (problem(answer), answer.headers["retry-after"]) == ((503, "Service unavailable!"), "1")
    assert answer.json()["services"] == {"authentication": "ok", "products": "ok", "orders": "unavailable"}
    assert "10.0.0.7" not in answer.text
    assert stack.client.get("/api/orders_health").status_code == 503
    assert stack.client.get("/api/products_health").json() == {"status": "ok"}


def test_head_works_here_too(stack: Stack) -> None:
    services(stack)
    answer = stack.client.head("/api/health")
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_gateway_is_ready_though_no_service_is(stack: Stack) -> None:
    gateway = stack.new_gateway("http://127.0.0.1:9")
    for path in ("/health", "/health/live"):
        assert stack.client.get(gateway.url + path).json() == {"status": "ok"}
    assert stack.client.get(gateway.url + "/api/health").status_code == 503


PREFLIGHT = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}


def test_no_other_origin_may_read_by_default(stack: Stack) -> None:
    answer = stack.client.options("/api/orders", headers=PREFLIGHT)
    assert answer.status_code == 405
    answer = stack.client.get("/api/products", headers={"Origin": "https://shop.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_origins_that_operators_name_may_read(stack: Stack) -> None:
    gateway = stack.new_gateway(cors_allowed_origins="https://other.example, https://shop.example")
    asked = PREFLIGHT | {"Access-Control-Request-Headers": "authorization,content-type,idempotency-key,last-event-id"}
    answer = stack.client.options(gateway.url + "/api/orders", headers=asked)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "https://shop.example")
    answer = stack.client.get(gateway.url + "/api/orders", headers={"Origin": "https://shop.example"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (401, "https://shop.example")
    assert "Token-Type" in answer.headers["access-control-expose-headers"]
    assert answer.headers["access-control-allow-credentials"] == "true"
    put = PREFLIGHT | {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization"}
    answer = stack.client.options(gateway.url + "/api/products/mug/picture", headers=put)
    assert (answer.status_code, answer.headers["access-control-allow-credentials"]) == (200, "true")
    stranger = stack.client.options(gateway.url + "/api/orders", headers=PREFLIGHT | {"Origin": "https://evil.example"})
    assert stranger.status_code == 400
    assert "access-control-allow-origin" not in stranger.headers


def test_a_shop_open_to_every_page_shows_none_of_them_what_a_cookie_opens(stack: Stack) -> None:
    gateway = stack.new_gateway(cors_allowed_origins="*")
    for cookie in ({}, {"Cookie": "refresh_token=x"}):
        answer = stack.client.get(gateway.url + "/api/products", headers={"Origin": "https://evil.example"} | cookie)
        assert answer.status_code == 200
        assert "access-control-allow-credentials" not in answer.headers


def test_as_it_is_started_it_serves_and_never_logs_a_token(stack: Stack) -> None:
    environment = {f"{name}_SERVICE_URL": f"{stack.server.url}/{name.lower()}" for name in ("AUTHENTICATION", "ORDERS")}
    environment["PRODUCTS_SERVICE_URL"] = "http://127.0.0.1:9"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "uvicorn", "--factory", "gateway.app:create_app", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--loop", "uvloop", "--http", "gateway.protocol:Protocol"],
        env=os.environ | environment | {"LOG_LEVEL": "DEBUG"},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    try:
        wait_until(lambda: answers(url), 20)
        tokens = [token(), token(seconds=-1), token(key=new_key("first")), "garbage-token"]
        for one in tokens:
            headers = {"Authorization": f"Bearer {one}"}
            for path in ("/api/orders", "/api/products", "/api/nothing"):
                httpx2.get(url + path, headers=headers)
    finally:
        process.terminate()
        _, logged = process.communicate(timeout=20)
    assert process.returncode in (0, -15)
    assert "products does not answer" in logged
    for one in tokens:
        assert one not in logged
        assert one.split(".")[-1] not in logged


def answers(url: str) -> bool:
    try:
        return httpx2.get(url + "/health").status_code == 200
    except httpx2.ConnectError:
        return False
