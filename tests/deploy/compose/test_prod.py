"""docker-compose-prod.yaml, started as a whole: an order through TLS, and what happens when a part dies."""

import json
import time
from pathlib import Path

import httpx2
import pytest
from lab.engine import Engine
from lab.errors import LabError
from local_stack.ports import LOOPBACK

from tests.deploy.compose.composed import Composed, clone
from tests.deploy.compose.conftest import ALL, Shop
from tests.deploy.compose.first_order import chairs_left, decided, place


def test_without_an_env_it_says_what_to_do(engine: Engine, tmp_path: Path) -> None:
    clone(tmp_path)
    empty = Composed(engine, tmp_path, "prod", {})
    with pytest.raises(LabError) as refused:
        empty.script("up", "prod")
    assert str(refused.value).splitlines()[1:] == [".env is missing: run make secrets"]
    with pytest.raises(LabError, match=r"required variable SHOP_\w+ is missing a value: run make secrets"):
        empty.compose("config", "--quiet")


def test_it_says_where_it_is(shop: Shop) -> None:
    assert shop.composed.services() == ALL
    assert f"The shop is ready: {shop.http.base_url}\n" in shop.said
    assert f"http://localhost:{shop.http_port} leads there\n" in shop.said


def test_it_may_be_started_again(shop: Shop) -> None:
    """Its own ports are no obstacle, and nothing is made anew."""
    before = shop.composed.described("web-shop")["Id"]
    shop.composed.script("up", "prod")
    assert shop.composed.described("web-shop")["Id"] == before


def test_the_first_order(shop: Shop, customer: dict[str, str]) -> None:
    before = chairs_left(shop.http)
    order = place(shop.http, customer, 2)
    assert (order["status"], order["cost"]) == ("PENDING", 59.98)
    assert decided(shop.http, customer, order) == "ACCEPTED"
    assert chairs_left(shop.http) == before - 2


def test_the_page_comes_by_tls_only(shop: Shop) -> None:
    page = shop.http.get("/")
    assert (page.status_code, "<title>" in page.text) == (200, True)
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert page.headers["Server"] == "nginx"
    answer = httpx2.get(f"http://{LOOPBACK}:{shop.http_port}/products?q=a", headers={"Host": "evil.test"})
    assert (answer.status_code, answer.headers["Location"]) == (308, f"{shop.http.base_url}/products?q=a")


def test_the_log_has_the_clients_address_whatever_it_claims(shop: Shop) -> None:
    shop.http.get("/api/health?forged", headers={"X-Forwarded-For": "6.6.6.6"})
    lines = shop.composed.engine.docker("logs", shop.composed.described("web-shop")["Id"]).splitlines()
    asked = [json.loads(line) for line in lines if '"path":"/api/health"' in line]
    assert (len(asked), asked[0]["status"], asked[0]["client"] != "6.6.6.6") == (1, 200, True)


def test_a_service_that_is_killed_comes_back_and_no_order_is_lost(shop: Shop, customer: dict[str, str]) -> None:
    shop.composed.kill("products-ms")
    order = place(shop.http, customer, 1)
    assert decided(shop.http, customer, order) == "ACCEPTED"
    shop.composed.kill("gateway-ms")
    deadline = time.monotonic() + 60
    statuses: list[int] = []
    while not statuses or (statuses[-1] != 200 and time.monotonic() < deadline):
        statuses.append(shop.http.get("/api/products").status_code)
        time.sleep(0.2)
    assert (statuses[-1], set(statuses[:-1]) <= {503}) == (200, True)
    assert shop.composed.described("products-ms")["RestartCount"] == 1
