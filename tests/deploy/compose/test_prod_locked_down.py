"""Who reaches whom in production, and what a container that was taken over could do."""

import pytest
from lab.errors import LabError

from tests.deploy.compose.conftest import ALL, DATABASES, SERVICES, Shop


def test_only_nginx_can_be_reached_from_outside(shop: Shop) -> None:
    assert set(shop.composed.published()) == {("web-shop", "8080/tcp"), ("web-shop", "8443/tcp")}


def reaches(shop: Shop, service: str, host: str, port: int) -> bool:
    """Whether the service's container gets a connection to that host."""
    program = f"import socket; socket.create_connection(({host!r}, {port}), 2); print('yes')"
    try:
        return shop.composed.python(service, program) == "yes\n"
    except LabError:
        return False


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reaches_its_own_database_and_no_other(shop: Shop, service: str) -> None:
    own = service.replace("-ms", "-db")
    for database in DATABASES:
        networks = shop.composed.described(database)["NetworkSettings"]["Networks"]
        (address,) = [network["IPAddress"] for network in networks.values()]
        assert [reaches(shop, service, host, 27017) for host in (database, address)] == [database == own] * 2
    assert reaches(shop, service, "kafka", 9092) is (service in ("orders-ms", "products-ms"))
    assert reaches(shop, service, "kafka", 9093) is False


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_does_not_get_out(shop: Shop, service: str) -> None:
    gateway = shop.composed.engine.docker(
        "network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"
    )
    assert reaches(shop, service, "192.0.2.1", 80) is False
    assert reaches(shop, service, gateway.strip(), shop.http_port) is False


@pytest.mark.parametrize("service", ALL)
def test_a_container_is_locked_down(shop: Shop, service: str) -> None:
    described = shop.composed.described(service)["HostConfig"]
    assert described["RestartPolicy"]["Name"] == "unless-stopped"
    assert described["LogConfig"] == {"Type": "json-file", "Config": {"max-file": "5", "max-size": "10m"}}
    assert described["Memory"] > 0 and described["PidsLimit"] > 0
    with pytest.raises(LabError, match="Read-only file system"):
        shop.composed.execute(service, "sh", "-c", "echo > /written", user="0")
    lines = shop.composed.execute(service, "cat", "/proc/1/status").splitlines()
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    rights = {name: int(status[name], 16) for name in ("CapEff", "CapPrm", "CapBnd", "CapAmb")}
    assert (set(rights.values()), status["NoNewPrivs"], "0" in status["Uid"].split()) == ({0}, "1", False)
