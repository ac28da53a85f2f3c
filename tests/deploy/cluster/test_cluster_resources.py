"""What the chart asks a cluster for, as a real API server judges it: strictly, and by the definitions of the makers.

GCPBackendPolicy is left out: Google publishes its definition nowhere but in its clusters.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from lab import crds
from lab.cluster import Cluster
from lab.errors import LabError
from local_stack.needed import needs

from tests.deploy.chart import VARIANTS, Resource, needs_helm, resources

pytestmark = [
    needs_helm,
    needs(crds.lacking(), "Custom resources are not judged"),
]

NAMESPACE = "judged"
CUSTOM = {
    "Kafka",
    "KafkaNodePool",
    "KafkaTopic",
    "KafkaUser",
    "MongoDBCommunity",
    "Gateway",
    "HTTPRoute",
    "Certificate",
    "Issuer",
}
Judge = Callable[[list[Resource]], str]


@pytest.fixture(scope="module")
def judge(cluster: Cluster) -> Judge:
    """What the API server says to resources, of which it stores none."""
    cluster.kubectl("create", "--filename", crds.fetched())
    cluster.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s")
    cluster.kubectl("create", "namespace", NAMESPACE)
    cluster.kubectl("label", "namespace", NAMESPACE, "pod-security.kubernetes.io/enforce=restricted")
    # A pod is only judged if its account is there.
    cluster.kubectl("create", "serviceaccount", "authentication-ms", "--namespace", NAMESPACE)

    def judged(found: list[Resource]) -> str:
        # Not as a List, of which kubectl thinks that the server can't judge it strictly.
        text = "\n---\n".join(json.dumps(one) for one in found)
        strictly = ("--dry-run=server", "--validate=strict", "--filename", "-")
        return cluster.kubectl("apply", "--namespace", NAMESPACE, *strictly, stdin=text)

    return judged


@pytest.mark.parametrize("variant", VARIANTS)
def test_everything_is_accepted(judge: Judge, variant: str) -> None:
    found = [one for one in resources(variant) if one["kind"] != "GCPBackendPolicy"]
    assert len(judge(found).splitlines()) == len(found)


def test_every_custom_resource_was_judged() -> None:
    kinds = {one["kind"] for variant in VARIANTS for one in resources(variant)}
    assert kinds >= CUSTOM


def _change(path: str, value: object) -> Callable[[Resource], None]:
    def change(resource: Resource) -> None:
        *way, last = path.split("/")
        place: Any = resource
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[last] = value

    return change


@pytest.mark.parametrize(
    ("kind", "name", "change", "complaint"),
    [
        ("Kafka", "shop", _change("spec/kafka/listeners/0/type", "intern"), 'Unsupported value: "intern"'),
        ("KafkaNodePool", "nodes", _change("spec/roles", ["king"]), 'Unsupported value: "king"'),
        ("KafkaTopic", "shop.ordercreate", _change("spec/replicaz", 3), 'unknown field "spec.replicaz"'),
        ("KafkaUser", "orders-ms", _change("spec/authentication/type", "scram"), 'Unsupported value: "scram"'),
        ("MongoDBCommunity", "orders-db", _change("spec/type", "Sharded"), 'Unsupported value: "Sharded"'),
        ("Gateway", "shop", _change("spec/listeners/0/port", 99999), "should be less than or equal to 65535"),
        ("HTTPRoute", "shop", _change("spec/rules/0/backendRefs/0/port", 0), "greater than or equal to 1"),
        ("Certificate", "web-shop", _change("spec/secretName", None), "spec.secretName: Required value"),
        ("Issuer", "letsencrypt", _change("spec/acme/sever", "x"), 'unknown field "spec.acme.sever"'),
        ("NetworkPolicy", "orders-ms", _change("spec/ingres", []), 'unknown field "spec.ingres"'),
        ("NetworkPolicy", "orders-ms", _change("spec/policyTypes", ["Inside"]), 'Unsupported value: "Inside"'),
        ("PodDisruptionBudget", "orders-ms", _change("spec/minAvailable", 1), "cannot be both set"),
        ("HorizontalPodAutoscaler", "orders-ms", _change("spec/maxReplicas", 0), "must be greater than 0"),
        ("Pod", "test", _change("spec/securityContext", {}), 'violates PodSecurity "restricted:latest"'),
    ],
)
def test_what_is_wrong_is_refused(
    judge: Judge, kind: str, name: str, change: Callable[[Resource], None], complaint: str
) -> None:
    found = [*resources("load balancer"), *resources("gke")]
    broken = next(one for one in found if (one["kind"], one["metadata"]["name"]) == (kind, name))
    change(broken)
    with pytest.raises(LabError) as refused:
        judge([broken])
    assert complaint in str(refused.value)
