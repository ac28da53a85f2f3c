"""Who reaches whom in the running cluster, which enforces the chart's NetworkPolicies."""

import json

import pytest

from tests.deploy.cluster.elsewhere import NAMESPACE as DATA
from tests.deploy.cluster.installed import Installed

_TRY = """
import json, socket, sys
reached = []
for place in sys.argv[1:]:
    host, port = place.split(":")
    try:
        socket.create_connection((host, int(port)), 3).close()
        reached.append(place)
    except OSError:
        pass
print(json.dumps(reached))
"""
PLACES = [
    "web-shop:8443",
    "gateway-ms:8000",
    "authentication-ms:8000",
    "products-ms:8000",
    "orders-ms:8000",
    f"products-db.{DATA}:27017",
    f"kafka.{DATA}:9092",
    "kubernetes.default:443",
]


@pytest.mark.parametrize(
    ("part", "reached"),
    [
        ("gateway-ms", ["authentication-ms:8000", "products-ms:8000", "orders-ms:8000"]),
        ("authentication-ms", [f"products-db.{DATA}:27017"]),
        ("products-ms", ["authentication-ms:8000", f"products-db.{DATA}:27017", f"kafka.{DATA}:9092"]),
        ("orders-ms", ["authentication-ms:8000", f"products-db.{DATA}:27017", f"kafka.{DATA}:9092"]),
    ],
)
def test_a_service_reaches_what_it_calls_and_nothing_else(shop: Installed, part: str, reached: list[str]) -> None:
    """A database outside of the namespace is known by its port only, so each service with one reaches all of them."""
    said = shop.kubectl("exec", f"deployment/{part}", "--", "python", "-c", _TRY, *PLACES)
    assert json.loads(said) == reached


def test_others_in_the_cluster_reach_nginx_only(shop: Installed) -> None:
    """From the stand-in of a database, in another namespace, which has Python."""
    places = [place.replace(":", ".shop:") for place in PLACES[:5]]
    said = shop.cluster.kubectl("--namespace", DATA, "exec", "products-db-0", "--", "python3", "-c", _TRY, *places)
    assert json.loads(said) == ["web-shop.shop:8443"]
