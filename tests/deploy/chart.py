"""The Helm chart as Helm renders it, without a cluster."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]
from lab import helm
from lab.errors import LabError
from lab.layout import ROOT
from local_stack.needed import needs

needs_helm = needs(helm.lacking(), "The Helm chart is not rendered")

CHART = ROOT / "infrastructure" / "helm" / "shop"
SERVICES = ("gateway-ms", "authentication-ms", "products-ms", "orders-ms")
PARTS = (*SERVICES, "web-shop")

LOAD_BALANCER = ["entry.host=shop.example.test"]
GATEWAY = [
    *LOAD_BALANCER,
    "entry.type=gateway",
    "entry.gateway.className=example",
    "entry.gateway.issuer=letsencrypt",
    "entry.gateway.proxies={10.0.0.0/8}",
]
GKE = [*LOAD_BALANCER, "entry.gateway.acmeEmail=ops@example.test", "entry.gateway.appended=203.0.113.7/32"]
EXTERNAL = [
    *LOAD_BALANCER,
    "mongodb.operator.enabled=false",
    "mongodb.external.authentication-ms.secret=authentication-uri",
    "mongodb.external.products-ms.secret=products-uri",
    "mongodb.external.orders-ms.secret=orders-uri",
    "kafka.strimzi.enabled=false",
    r"kafka.external.bootstrapServers=one.example.test:9093\,two.example.test:9094",
    "kafka.external.caSecret=broker-ca",
    "kafka.external.products-ms.secret=products-login",
    "kafka.external.orders-ms.secret=orders-login",
]
VARIANTS = {
    "load balancer": ("values.yaml", LOAD_BALANCER),
    "gateway": ("values.yaml", GATEWAY),
    "external": ("values.yaml", EXTERNAL),
    "minikube": ("values-minikube.yaml", []),
    "gke": ("values-gke.yaml", GKE),
}
"""Every way in which the chart is meant to be used: a values file, and what is set besides."""

Resource = dict[str, Any]


def rendered(values: str, sets: Sequence[str], kubernetes: str = helm.KUBERNETES, chart: Path = CHART) -> str:
    """What Helm would send to the cluster. Raises LabError with what Helm says to bad values."""
    options = [word for one in sets for word in ("--set", one)]
    at = ("--namespace", "shop", "--kube-version", kubernetes)
    return helm.helm("template", "shop", chart, *at, "-f", CHART / values, *options)


def resources(variant: str, *more: str) -> list[Resource]:
    """What a variant is made of, with further values."""
    values, sets = VARIANTS[variant]
    return [one for one in yaml.safe_load_all(rendered(values, [*sets, *more])) if one]


def named(found: Sequence[Resource], kind: str, name: str) -> Resource:
    """The only resource of this kind and name."""
    (one,) = [r for r in found if r["kind"] == kind and r["metadata"]["name"] == name]
    return one


def refusal(
    sets: Sequence[str], values: str = "values.yaml", kubernetes: str = helm.KUBERNETES, chart: Path = CHART
) -> str:
    """The last line that Helm says to values that it refuses, without its own words at the front."""
    try:
        rendered(values, sets, kubernetes, chart)
    except LabError as error:
        lines = [line for line in str(error).splitlines() if line and not line.startswith("Use --debug")]
        return re.sub(r"^Error: (execution error at \(\S+\): )?", "", lines[-1])
    raise AssertionError("Helm took these values")
