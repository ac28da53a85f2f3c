"""The shop in a cluster: it is installed, an order is placed, and the cluster keeps what was asked of it."""

import json
import re
import time

import pytest
from lab.commands import run
from lab.errors import LabError
from lab.layout import ROOT

from tests.deploy.chart import CHART, PARTS
from tests.deploy.cluster.installed import NAMESPACE, VALUES, Installed


def test_helm_test_places_an_order_and_takes_its_product_away(shop: Installed) -> None:
    said = shop.helm("test", "shop", "--logs")
    assert "Phase:          Succeeded" in said
    # Once for each resource of the test.
    (line,) = {line for line in said.splitlines() if line.startswith("Order ")}
    assert re.fullmatch(r"Order [0-9a-f]{24} of 1\.0 is ACCEPTED", line)
    script = "import urllib.request as u; print(u.urlopen('http://products-ms:8000/products?q=helm').read().decode())"
    found = shop.kubectl("exec", "deployment/gateway-ms", "--", "python", "-c", script)
    assert json.loads(found)["products"] == []


def test_every_pod_runs_locked_down(shop: Installed) -> None:
    namespace = json.loads(shop.kubectl("get", "namespace", NAMESPACE, "--output", "json"))
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for part in PARTS:
        script = "id -u; touch /file 2>&1 || true; ls /var/run/secrets/kubernetes.io 2>&1 || true"
        said = shop.kubectl("exec", f"deployment/{part}", "--", "sh", "-c", script).splitlines()
        assert said[0] == "10001"
        assert "Read-only file system" in said[1]
        assert "No such file or directory" in said[2]


def test_an_eviction_that_would_leave_nobody_is_refused(shop: Installed) -> None:
    first, second = shop.pods("orders-ms")
    evict(shop, first)
    with pytest.raises(LabError, match="Cannot evict pod as it would violate the pod's disruption budget"):
        evict(shop, second)
    shop.settle()


def evict(shop: Installed, pod: str) -> None:
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod, "namespace": NAMESPACE}}
    path = f"/api/v1/namespaces/{NAMESPACE}/pods/{pod}/eviction"
    shop.kubectl("create", "--raw", path, "--filename", "-", stdin=json.dumps(eviction))


def test_scalers_keep_the_number_of_replicas(shop: Installed) -> None:
    """Nothing measures CPU here. What a scaler does without: it keeps to the least that is allowed."""
    more = json.dumps({"spec": {"minReplicas": 3}})
    shop.kubectl("patch", "hpa", "gateway-ms", "--type=merge", "-p", more)
    deadline = time.monotonic() + 120
    while len(shop.pods("gateway-ms")) != 3:
        assert time.monotonic() < deadline
        time.sleep(1)
    less = json.dumps({"spec": {"minReplicas": 2}})
    shop.kubectl("patch", "hpa", "gateway-ms", "--type=merge", "-p", less)
    shop.kubectl("scale", "deployment", "gateway-ms", "--replicas=2")
    shop.settle()


def test_a_missing_secret_is_named_before_anything_starts(shop: Installed) -> None:
    options = [word for one in [*VALUES, "jwtKeySecret=no-such-key"] for word in ("--set", one)]
    with pytest.raises(LabError, match="Secret no-such-key is missing in namespace shop: make secrets CLUSTER=shop"):
        shop.helm("upgrade", "shop", CHART, *options)
    assert shop.helm("status", "shop", "--output", "json").count('"status":"deployed"') == 1


def test_secrets_are_made_once(shop: Installed) -> None:
    before = {one["metadata"]["name"]: one["data"] for one in shop.found("secrets")}
    script = ROOT / "infrastructure" / "helm" / "make-secrets"
    assert run([script, NAMESPACE], env=shop.cluster.env) == ""
    assert {one["metadata"]["name"]: one["data"] for one in shop.found("secrets")} == before
