"""The shop as Helm installed it in a cluster."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.cluster import Cluster
from lab.commands import works
from lab.helm import helm
from lab.layout import ROOT

from tests.deploy.chart import CHART, PARTS
from tests.deploy.cluster import elsewhere

NAMESPACE = "shop"
HOST = "shop.example.test"
ADDRESS = "203.0.113.10"
VALUES = [f"entry.host={HOST}", *elsewhere.VALUES]


@dataclass(frozen=True)
class Installed:
    """The release `shop` in the namespace `shop`."""

    cluster: Cluster

    def kubectl(self, *words: str | Path, stdin: str | None = None) -> str:
        return self.cluster.kubectl("--namespace", NAMESPACE, *words, stdin=stdin)

    def helm(self, *words: str | Path) -> str:
        """What this helm command printed."""
        return helm(*words, "--namespace", NAMESPACE, env=self.cluster.env)

    def upgrade(self, *more: str) -> None:
        """Install the chart, or change the release, with these values besides. Returns when all of it is ready."""
        options = [word for one in [*VALUES, *more] for word in ("--set", one)]
        with _cloud(self):
            self.helm("upgrade", "--install", "shop", CHART, *options, "--wait", "--timeout", "8m")

    def found(self, kind: str, *words: str) -> list[dict[str, Any]]:
        """The resources of one kind, as the cluster has them now."""
        items: list[dict[str, Any]] = json.loads(self.kubectl("get", kind, *words, "--output", "json"))["items"]
        return items

    def pods(self, part: str) -> list[str]:
        """The names of a part's pods that serve and are not about to end."""
        return [
            pod["metadata"]["name"]
            for pod in self.found("pods", f"--selector=app.kubernetes.io/name={part}")
            if "deletionTimestamp" not in pod["metadata"]
            and any(c["type"] == "Ready" and c["status"] == "True" for c in pod["status"].get("conditions", []))
        ]

    def settle(self, replicas: int = 2, seconds: float = 240) -> None:
        """Wait until each part has so many pods that serve."""
        deadline = time.monotonic() + seconds
        while wanting := [part for part in PARTS if len(self.pods(part)) != replicas]:
            assert time.monotonic() < deadline, f"not ready: {wanting}\n{self.kubectl('get', 'pods')}"
            time.sleep(1)

    def url(self) -> str:
        """Where nginx is inside of the cluster."""
        address = self.kubectl("get", "service", "web-shop", "--output", "jsonpath={.spec.clusterIP}")
        return f"https://{address}:8443"

    def make_admin(self, email: str) -> None:
        command = ("python", "-m", "authentication.cli", "make-admin", email)
        self.kubectl("exec", "deployment/authentication-ms", "--", *command)


def install(cluster: Cluster) -> Installed:
    """The shop, with its data elsewhere in the same cluster, from nothing to ready."""
    shop = Installed(cluster)
    secrets = ROOT / "infrastructure" / "helm" / "make-secrets"
    assert works([secrets, NAMESPACE, HOST], env=cluster.env)
    cluster.kubectl("apply", "--filename", "-", stdin=elsewhere.manifests(NAMESPACE))
    for name in (*elsewhere.DATABASES.values(), "kafka"):
        where = ("--namespace", elsewhere.NAMESPACE)
        cluster.kubectl(*where, "rollout", "status", f"statefulset/{name}", "--timeout=280s")
    shop.upgrade()
    shop.settle()
    return shop


@contextmanager
def _cloud(shop: Installed) -> Iterator[None]:
    """What only a cloud has: something that gives a load balancer its address. Helm waits for it."""
    status = json.dumps({"status": {"loadBalancer": {"ingress": [{"ip": ADDRESS}]}}})
    patch = (
        "--namespace",
        NAMESPACE,
        "patch",
        "service",
        "entry",
        "--subresource=status",
        "--type=merge",
        "-p",
        status,
    )
    done = threading.Event()

    def give() -> None:
        while not works(["kubectl", *patch], env=shop.cluster.env) and not done.wait(1):
            pass

    thread = threading.Thread(target=give)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
