"""The lab itself: what everything else here stands on."""

import json

from lab import standins
from lab.cluster import Cluster
from lab.engine import Engine

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


def test_pods_run_and_find_each_other_by_name(cluster: Cluster, engine: Engine) -> None:
    cluster.load(engine, PYTHON)
    cluster.kubectl("create", "namespace", "lab")
    restricted = "pod-security.kubernetes.io/enforce=restricted"
    cluster.kubectl("label", "namespace", "lab", restricted)
    cluster.kubectl("apply", "--namespace", "lab", "--filename", "-", stdin=json.dumps(_pages()))
    cluster.kubectl("rollout", "status", "--namespace", "lab", "deployment/pages", "--timeout=120s")
    asked = "import urllib.request as u; print(u.urlopen('http://pages.lab.svc.cluster.local/etc/hostname').read().decode())"
    names = {
        cluster.kubectl("exec", "--namespace", "lab", "deployment/pages", "--", "python", "-c", asked).strip()
        for _ in range(20)
    }
    pods = cluster.kubectl("get", "pods", "--namespace", "lab", "--output", "jsonpath={.items[*].metadata.name}")
    assert names == set(pods.split())


def _pages() -> dict[str, object]:
    """Two pods that serve their files, behind one name, in a namespace that takes only what gives up every right."""
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
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
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
