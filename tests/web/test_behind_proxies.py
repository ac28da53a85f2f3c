"""Whose word counts about where a request came from."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.web.conftest import Front, client, started
from tests.web.test_pages import said
from tests.web.upstream import Upstream


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory, nginx_there: None) -> Iterator[Front]:
    trusted = "set_real_ip_from 127.1.0.0/16; set_real_ip_from 35.191.0.0/16;"
    with started(tmp_path_factory.mktemp("nginx"), SHOP_TRUSTED_PROXIES=trusted) as front:
        yield front


def arrived(front: Front, own: str, claims: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """What the gateway is told of the client's address and scheme, when `own` sends these headers."""
    with Upstream(front.gateway_port) as gateway, client(front.port, own) as http:
        http.get("/api/products", headers=claims)
        headers = httpx2.Headers(gateway.arrived[0].headers)
        return headers.get_list("X-Forwarded-For"), headers.get_list("X-Forwarded-Proto")


def forwarded(*addresses: str) -> list[tuple[str, str]]:
    return [("X-Forwarded-For", address) for address in addresses]


@pytest.mark.parametrize(
    ("own", "claims", "told"),
    [
        ("127.1.0.1", forwarded("203.0.113.7"), "203.0.113.7"),
        ("127.1.0.1", forwarded("6.6.6.6, 203.0.113.7"), "203.0.113.7"),
        ("127.1.0.1", forwarded("6.6.6.6, 203.0.113.7, 35.191.0.9"), "203.0.113.7"),
        ("127.1.0.1", forwarded("6.6.6.6", "203.0.113.7"), "203.0.113.7"),
        ("127.1.0.1", forwarded("2001:db8::7"), "2001:db8::7"),
        ("127.1.0.1", forwarded("6.6.6.6, nonsense"), "127.1.0.1"),
        ("127.1.0.1", [], "127.1.0.1"),
        ("127.0.0.1", forwarded("6.6.6.6"), "127.0.0.1"),
        ("127.0.0.1", [("X-Real-IP", "6.6.6.6"), ("Forwarded", "for=6.6.6.6")], "127.0.0.1"),
    ],
)
def test_the_last_address_that_a_trusted_proxy_vouches_for_counts(
    front: Front, own: str, claims: list[tuple[str, str]], told: str
) -> None:
    assert arrived(front, own, claims)[0] == [told]


@pytest.mark.parametrize(("own", "scheme"), [("127.1.0.1", "https"), ("127.0.0.1", "http")])
def test_the_scheme_is_what_a_trusted_proxy_says(front: Front, own: str, scheme: str) -> None:
    claims = [*forwarded("203.0.113.7"), ("X-Forwarded-Proto", "https")]
    assert arrived(front, own, claims)[1] == [scheme]
    with client(front.port, own) as http:
        promised = {"https": ["max-age=31536000"], "http": []}[scheme]
        assert said(http.get("/", headers=claims), "Strict-Transport-Security")["Strict-Transport-Security"] == promised


def test_each_client_behind_a_proxy_has_limits_of_its_own(front: Front) -> None:
    def status(address: str) -> int:
        return http.post("/api/login", headers=forwarded(address)).status_code

    with Upstream(front.gateway_port), client(front.port, "127.1.0.1") as http:
        assert [status("203.0.113.8") for _ in range(31)] == [200] * 31
        assert status("203.0.113.8") == status("6.6.6.6, 203.0.113.8") == 429
        assert status("203.0.113.9") == 200


def test_an_ipv6_network_is_one_client(front: Front) -> None:
    """Or whoever has one would have 2^64 times the limit."""

    def status(address: str) -> int:
        return http.post("/api/login", headers=forwarded(address)).status_code

    with Upstream(front.gateway_port), client(front.port, "127.1.0.1") as http:
        assert [status(f"2001:db8:0:a00::{n:x}") for n in range(1, 32)] == [200] * 31
        assert status("2001:db8:0:a00:ffff::1") == 429
        assert status("2001:db8:0:a01::1") == 200
