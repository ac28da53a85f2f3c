"""A gateway that moves is found again, and of several another one is asked, but never twice to do the same."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from local_stack.ports import free_ports

from tests.web.conftest import Front, started
from tests.web.names import Names
from tests.web.upstream import PRODUCTS, Upstream

FIRST, SECOND = "127.0.0.1", "127.0.0.2"


@pytest.fixture
def names() -> Iterator[Names]:
    with Names(FIRST) as names:
        yield names


@pytest.fixture
def front(tmp_path_factory: pytest.TempPathFactory, nginx_there: None, names: Names) -> Iterator[Front]:
    port = free_ports(1)
    values = {"SHOP_GATEWAY": f"gateway-ms:{port}", "SHOP_RESOLVER": f"{FIRST}:{names.port}"}
    with started(tmp_path_factory.mktemp("nginx"), **values) as front:
        front.gateway_port = port
        yield front


def test_a_gateway_with_a_new_address_is_found(front: Front, names: Names) -> None:
    with Upstream(front.gateway_port):
        assert front.http.get("/api/products").content == PRODUCTS
    names.addresses = (SECOND,)
    with Upstream(front.gateway_port, SECOND):
        deadline = time.monotonic() + 7
        while front.http.get("/api/products").status_code == 503 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert front.http.get("/api/products").content == PRODUCTS


def test_a_name_that_nobody_knows_is_unavailable(front: Front, names: Names) -> None:
    names.addresses = ()
    assert front.http.get("/api/products").status_code == 503


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_an_address_where_nobody_listens_costs_nothing(front: Front, names: Names, verb: str) -> None:
    names.addresses = (FIRST, SECOND)
    with Upstream(front.gateway_port, SECOND) as gateway:
        assert [front.http.request(verb, "/api/products").status_code for _ in range(6)] == [200] * 6
        assert len(gateway.arrived) == 6


@pytest.mark.parametrize(("verb", "status", "times"), [("GET", 503, 2), ("HEAD", 503, 2), ("POST", 503, 1)])
def test_what_may_have_been_done_is_not_sent_again(
    front: Front, names: Names, verb: str, status: int, times: int
) -> None:
    names.addresses = (FIRST, SECOND)
    with ExitStack() as stack:
        gateways = [stack.enter_context(Upstream(front.gateway_port, own)) for own in (FIRST, SECOND)]
        assert front.http.request(verb, "/api/breaks-off", content=b"{}").status_code == status
        assert sum(len(gateway.arrived) for gateway in gateways) == times
