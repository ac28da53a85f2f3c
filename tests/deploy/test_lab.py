"""The lab itself: what everything else here stands on."""

import json
import time
from collections.abc import Callable, Iterator

import pytest
from lab import standins
from lab.cluster import Cluster
from lab.engine import Engine
from lab.errors import LabError

PYTHON = "python:3.12.12-slim-bookworm"


def test_an_image_is_built_and_runs(engine: Engine) -> None:
    dockerfile = f"FROM {PYTHON}\nUSER 10001:10001\n"
    image = engine.docker("build", "--quiet", "-", stdin=dockerfile).strip()
    script = (
        "import os, ssl, sqlite3; print(os.getuid(), os.path.exists('/usr/local/lib/python3.12/site-packages/pip'))"
    )
    assert engine.docker("run", "--rm", "--network", "none", image, "python", "-c", script) == "10001 True\n"
    engine.docker("image", "rm", image)


def test_a_stand_in_says_what_is_inside(engine: Engine) -> None:
    label = f'{{{{index .Config.Labels "{standins.LABEL}"}}}}'
    for image in standins.STAND_INS:
        if not standins.published(engine, image.tag):
            assert engine.docker("image", "inspect", "--format", label, image.tag).strip() == image.inside()


@pytest.fixture
def serve(cluster: Cluster, engine: Engine) -> Iterator[Callable[[str], None]]:
    """Has two pods serve pages in a new namespace of this name, until the test ends."""
    cluster.load(engine, PYTHON)
    namespaces: list[str] = []

    def serve(namespace: str) -> None:
        namespaces.append(namespace)
        _serve(cluster, namespace)

    yield serve
    cluster.kubectl("delete", "namespace", *namespaces)


def test_pods_run_and_find_each_other_by_name(cluster: Cluster, serve: Callable[[str], None]) -> None:
    serve("open")
    _eventually(lambda: _ask(cluster, "open") != "")
    pods = cluster.kubectl("get", "pods", "--namespace", "open", "--output", "jsonpath={.items[*].metadata.name}")
    assert {_ask(cluster, "open") for _ in range(20)} == set(pods.split())


def test_a_network_policy_is_obeyed(cluster: Cluster, serve: Callable[[str], None]) -> None:
    serve("asking")
    serve("closed")
    _eventually(lambda: _ask(cluster, "closed", by="asking") != "")
    closed: dict[str, object] = {"podSelector": {}, "policyTypes": ["Ingress"]}
    cluster.kubectl("apply", "--filename", "-", stdin=json.dumps(_policy(closed)))
    _eventually(lambda: _ask(cluster, "closed", by="asking") == "")
    friend = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "asking"}}}
    cluster.kubectl("apply", "--filename", "-", stdin=json.dumps(_policy({**closed, "ingress": [{"from": [friend]}]})))
    _eventually(lambda: _ask(cluster, "closed", by="asking") != "")
    assert _ask(cluster, "asking", by="closed") != ""


def _ask(cluster: Cluster, namespace: str, *, by: str | None = None) -> str:
    """Which pod answers for the pages of a namespace, asked by a pod of this or another one; "" if none does."""
    url = f"http://pages.{namespace}.svc.cluster.local/etc/hostname"
    script = f"import urllib.request as u; print(u.urlopen('{url}', timeout=2).read().decode())"
    try:
        return cluster.kubectl(
            "exec", "--namespace", by or namespace, "deployment/pages", "--", "python", "-c", script
        ).strip()
    except LabError as error:
        if "urlopen error" in str(error):
            return ""
        raise


def _eventually(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline


def _policy(spec: dict[str, object]) -> dict[str, object]:
    metadata = {"name": "pages", "namespace": "closed"}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def _serve(cluster: Cluster, namespace: str) -> None:
    """Have the pages in a new namespace that takes only pods that give up every right."""
    cluster.kubectl("create", "namespace", namespace)
    cluster.kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted")
    cluster.kubectl("apply", "--namespace", namespace, "--filename", "-", stdin=json.dumps(_pages()))
    cluster.kubectl("rollout", "status", "--namespace", namespace, "deployment/pages", "--timeout=120s")


def _pages() -> dict[str, object]:
    """Two pods that serve their files, behind one name."""
    secure = {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "runAsUser": 10001,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    container = {
        "name": "pages",
        "image": PYTHON,
        "command": ["python", "-m", "http.server", "--directory", "/", "8000"],
        "readinessProbe": {"httpGet": {"path": "/etc/hostname", "port": 8000}, "periodSeconds": 1},
        "securityContext": secure,
    }
    labels = {"app": "pages"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container], "terminationGracePeriodSeconds": 1}}
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "pages"},
        "spec": {"replicas": 2, "selector": {"matchLabels": labels}, "template": template},
    }
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "pages"},
        "spec": {"selector": labels, "ports": [{"port": 80, "targetPort": 8000}]},
    }
    return {"apiVersion": "v1", "kind": "List", "items": [deployment, service]}
