"""Who may speak to whom in the cluster, as the NetworkPolicies say: the whole list, and nothing else."""

from typing import Any

import pytest

from tests.deploy.chart import VARIANTS, Resource, named, needs_helm, resources

pytestmark = needs_helm

ANY = "anywhere"


def names(peers: list[dict[str, Any]]) -> list[str]:
    """What a rule's peers are called here: a part's name, a database's label, a network, a namespace."""
    if not peers:
        return [ANY]
    found = []
    for peer in peers:
        labels = peer.get("podSelector", peer.get("namespaceSelector", {})).get("matchLabels", {})
        keys = ("app.kubernetes.io/name", "app", "strimzi.io/cluster", "kubernetes.io/metadata.name")
        label = next((labels[key] for key in keys if key in labels), None)
        found.append(label or peer["ipBlock"]["cidr"])
    return found


def rules(policy: Resource, direction: str) -> set[tuple[str, int]]:
    """Each peer and port of a policy's `ingress` or `egress`."""
    side = "from" if direction == "ingress" else "to"
    return {
        (name, port["port"])
        for rule in policy["spec"].get(direction, [])
        for name in names(rule.get(side, []))
        for port in rule.get("ports", [{"port": 0}])
    }


def test_nothing_may_speak_unless_it_is_said() -> None:
    deny = named(resources("load balancer"), "NetworkPolicy", "default-deny")["spec"]
    assert deny == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_everybody_may_ask_for_names() -> None:
    dns = named(resources("load balancer"), "NetworkPolicy", "dns")
    assert rules(dns, "egress") == {("kube-system", 53), ("169.254.20.10/32", 53)}


@pytest.mark.parametrize(
    ("part", "callers", "called"),
    [
        ("web-shop", {(ANY, 8080), (ANY, 8443)}, {("gateway-ms", 8000)}),
        (
            "gateway-ms",
            {("web-shop", 8000)},
            {("authentication-ms", 8000), ("products-ms", 8000), ("orders-ms", 8000)},
        ),
        (
            "authentication-ms",
            {("gateway-ms", 8000), ("products-ms", 8000), ("orders-ms", 8000)},
            {("authentication-db-svc", 27017)},
        ),
        (
            "products-ms",
            {("gateway-ms", 8000)},
            {("authentication-ms", 8000), ("products-db-svc", 27017), ("shop", 9093)},
        ),
        (
            "orders-ms",
            {("gateway-ms", 8000)},
            {("authentication-ms", 8000), ("orders-db-svc", 27017), ("shop", 9093)},
        ),
        (
            "products-db",
            {("products-db-svc", 27017), ("products-ms", 27017), ("test", 27017)},
            {("products-db-svc", 0), (ANY, 443), (ANY, 6443)},
        ),
    ],
)
def test_each_part_speaks_to_whom_it_must(
    part: str, callers: set[tuple[str, int]], called: set[tuple[str, int]]
) -> None:
    policy = named(resources("load balancer"), "NetworkPolicy", part)
    assert rules(policy, "ingress") == callers
    assert rules(policy, "egress") == called


def test_behind_a_gateway_only_its_proxies_reach_nginx() -> None:
    policy = named(resources("gke"), "NetworkPolicy", "web-shop")
    assert rules(policy, "ingress") == {("35.191.0.0/16", 8080), ("130.211.0.0/22", 8080), ("test", 8080)}


def test_what_is_outside_is_reached_by_its_ports() -> None:
    policy = named(resources("external"), "NetworkPolicy", "orders-ms")
    assert rules(policy, "egress") == {("authentication-ms", 8000), (ANY, 27017), (ANY, 9093), (ANY, 9094)}


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_pod_has_a_policy_of_its_own(variant: str) -> None:
    found = resources(variant)
    chosen = [r["spec"]["podSelector"].get("matchLabels", {}) for r in found if r["kind"] == "NetworkPolicy"]
    labels = [r["spec"]["template"]["metadata"]["labels"] for r in found if r["kind"] == "Deployment"]
    labels.append(named(found, "Pod", "test")["metadata"]["labels"])
    for pod in labels:
        assert any(selector and selector.items() <= pod.items() for selector in chosen)
