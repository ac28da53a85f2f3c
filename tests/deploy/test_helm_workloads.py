"""What the chart promises of every part: how it is guarded, watched, spread, scaled and ended."""

from typing import Any

import pytest

from tests.deploy.chart import (
    LOAD_BALANCER,
    PARTS,
    SERVICES,
    VARIANTS,
    named,
    needs_helm,
    rendered,
    resources,
)

pytestmark = needs_helm

RESTRICTED_POD = {
    "runAsNonRoot": True,
    "runAsUser": 10001,
    "runAsGroup": 10001,
    "fsGroup": 10001,
    "seccompProfile": {"type": "RuntimeDefault"},
}
RESTRICTED_CONTAINER = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}


def pods(variant: str, *more: str) -> dict[str, dict[str, Any]]:
    """The pods of the chart by name, that of `helm test` too."""
    found = resources(variant, *more)
    specs = {r["metadata"]["name"]: r["spec"]["template"]["spec"] for r in found if r["kind"] == "Deployment"}
    return specs | {"test": named(found, "Pod", "test")["spec"]}


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_pod_is_restricted(variant: str) -> None:
    found = pods(variant)
    assert sorted(found) == sorted([*PARTS, "test"])
    for pod in found.values():
        assert pod["securityContext"] == RESTRICTED_POD
        assert pod["automountServiceAccountToken"] is False
        (container,) = pod["containers"]
        assert container["securityContext"] == RESTRICTED_CONTAINER
        assert {"name": "tmp", "mountPath": "/tmp"} in container["volumeMounts"]
        assert set(container["resources"]["requests"]) == {"cpu", "memory"}
        assert set(container["resources"]["limits"]) == {"memory"}


def test_each_part_has_an_account_a_budget_and_a_scaler_of_its_own() -> None:
    found = resources("load balancer")
    for name in PARTS:
        assert named(found, "ServiceAccount", name)["automountServiceAccountToken"] is False
        deployment = named(found, "Deployment", name)
        assert deployment["spec"]["template"]["spec"]["serviceAccountName"] == name
        assert "replicas" not in deployment["spec"]
        assert deployment["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
        budget = named(found, "PodDisruptionBudget", name)["spec"]
        assert budget["maxUnavailable"] == 1
        assert budget["selector"] == deployment["spec"]["selector"]
        scaler = named(found, "HorizontalPodAutoscaler", name)["spec"]
        assert scaler["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
        assert scaler["minReplicas"] == 2
        assert scaler["metrics"][0]["resource"]["target"] == {"type": "Utilization", "averageUtilization": 70}


def test_each_part_is_spread_over_zones_and_nodes() -> None:
    for name, pod in pods("gke").items():
        if name != "test":
            keys = [one["topologyKey"] for one in pod["topologySpreadConstraints"]]
            assert keys == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]


def test_probes_ask_for_readiness_and_for_life_apart() -> None:
    for name, pod in pods("load balancer").items():
        if name in SERVICES:
            (container,) = pod["containers"]
            paths = [container[f"{probe}Probe"]["httpGet"]["path"] for probe in ("startup", "readiness", "liveness")]
            assert paths == ["/health/live", "/health", "/health/live"]


def test_an_end_has_time_for_all_that_happens_in_it() -> None:
    for name, pod in pods("gke").items():
        if name != "test":
            leave = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
            assert leave == (15 if name == "web-shop" else 5)
            # The drain takes 6 seconds and the end 10; nginx's takes 20.
            assert pod["terminationGracePeriodSeconds"] - leave >= 20


def test_a_changed_setting_starts_new_pods_of_this_part_only() -> None:
    def checksums(*more: str) -> dict[str, str]:
        found = resources("load balancer", *more)
        templates = {r["metadata"]["name"]: r["spec"]["template"] for r in found if r["kind"] == "Deployment"}
        return {name: t["metadata"]["annotations"]["checksum/config"] for name, t in templates.items()}

    before, after = checksums(), checksums("services.orders-ms.env.LOG_LEVEL=DEBUG")
    assert {name for name in before if before[name] != after[name]} == {"orders-ms"}


def test_a_digest_wins_over_the_tag() -> None:
    digest = f"sha256:{'a' * 64}"
    text = rendered("values.yaml", [*LOAD_BALANCER, "image.tag=v1", f"images.orders-ms.digest={digest}"])
    assert f"image: shop/orders-ms@{digest}\n" in text
    assert "image: shop/products-ms:v1\n" in text


def files(pod: dict[str, Any]) -> set[tuple[str, str]]:
    """Which Secret's which key is which file of a pod; a Secret of which all keys are files has an asterisk."""
    sources = [s["secret"] for v in pod["volumes"] if "projected" in v for s in v["projected"]["sources"]]
    return {(s["name"], i["path"]) for s in sources for i in s.get("items", [{"path": "*"}])}


def test_each_part_reads_its_own_secrets_only() -> None:
    found = pods("load balancer")
    assert files(found["gateway-ms"]) == set()
    assert files(found["authentication-ms"]) == {("jwt-key", "*"), ("authentication-db-connection", "mongodb_uri")}
    assert files(found["web-shop"]) == {("web-shop-tls", "*")}
    for name in ("products", "orders"):
        assert files(found[f"{name}-ms"]) == {
            (f"{name}-db-connection", "mongodb_uri"),
            (f"{name}-ms", "kafka_sasl_password"),
            ("shop-cluster-ca-cert", "kafka_ca.crt"),
        }
    assert files(pods("gateway")["web-shop"]) == set()
    second = pods("load balancer", "mongodb.operator.secondUser=true")
    assert ("orders-db-connection-2", "mongodb_uri") in files(second["orders-ms"])


def test_databases_and_broker_elsewhere_have_secrets_of_their_own() -> None:
    for name in ("products", "orders"):
        assert files(pods("external")[f"{name}-ms"]) == {
            (f"{name}-uri", "mongodb_uri"),
            (f"{name}-login", "*"),
            ("broker-ca", "kafka_ca.crt"),
        }


def test_behind_a_gateway_only_its_proxies_are_believed() -> None:
    settings = named(resources("gke"), "ConfigMap", "web-shop")["data"]
    assert settings["SHOP_ENTRY"] == "plain"
    assert settings["SHOP_TRUSTED_PROXIES"].split("; ") == [
        "set_real_ip_from 35.191.0.0/16",
        "set_real_ip_from 130.211.0.0/22",
        "set_real_ip_from 203.0.113.7/32;",
    ]
    alone = named(resources("load balancer"), "ConfigMap", "web-shop")["data"]
    assert (alone["SHOP_ENTRY"], alone["SHOP_TRUSTED_PROXIES"]) == ("tls", "")
