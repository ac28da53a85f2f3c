"""What the chart can be told, and what it answers to what it can't."""

import re
import shutil
from pathlib import Path

import pytest
from lab import helm

from tests.deploy.chart import CHART, EXTERNAL, GATEWAY, GKE, LOAD_BALANCER, VARIANTS, needs_helm, refusal, rendered

pytestmark = needs_helm


@pytest.mark.parametrize("variant", VARIANTS)
def test_lint_finds_nothing(variant: str) -> None:
    values, sets = VARIANTS[variant]
    options = [word for one in sets for word in ("--set", one)]
    said = helm.helm("lint", "--strict", "--kube-version", helm.KUBERNETES, CHART, "-f", CHART / values, *options)
    assert "1 chart(s) linted, 0 chart(s) failed" in said
    assert "WARNING" not in said


@pytest.mark.parametrize(
    ("typo", "answer"),
    [
        ("imge.tag=x", "- at '': additional properties 'imge' not allowed"),
        ("image.tagg=x", "- at '/image': additional properties 'tagg' not allowed"),
        ("images.gateway.digest=", "- at '/images': additional properties 'gateway' not allowed"),
        ("services.orders.minReplicas=3", "- at '/services': additional properties 'orders' not allowed"),
        (
            "services.orders-ms.minReplica=3",
            "- at '/services/orders-ms': additional properties 'minReplica' not allowed",
        ),
        (
            "services.orders-ms.resources.limits.mem=1Gi",
            "- at '/services/orders-ms/resources/limits': additional properties 'mem' not allowed",
        ),
        ("mongodb.operator.enable=true", "- at '/mongodb/operator': additional properties 'enable' not allowed"),
        ("kafka.strimzi.brokers=3", "- at '/kafka/strimzi': additional properties 'brokers' not allowed"),
        ("entry.gateway.class=x", "- at '/entry/gateway': additional properties 'class' not allowed"),
    ],
)
def test_a_typo_is_refused_by_its_name(typo: str, answer: str) -> None:
    assert refusal([*LOAD_BALANCER, typo]) == answer


@pytest.mark.parametrize(
    ("bad", "answer"),
    [
        ("entry.type=ingress", "- at '/entry/type': value must be one of 'loadBalancer', 'gateway'"),
        ("services.web-shop.minReplicas=0", "- at '/services/web-shop/minReplicas': minimum: got 0, want 1"),
        ("mongodb.operator.members=2", "- at '/mongodb/operator/members': value must be one of 1, 3, 5, 7"),
        ("image.tag=1", "- at '/image/tag': got number, want string"),
    ],
)
def test_a_bad_value_is_refused(bad: str, answer: str) -> None:
    assert refusal([*LOAD_BALANCER, bad]) == answer


@pytest.mark.parametrize(
    ("sets", "answer"),
    [
        ([], "entry.host is missing: the name by which the shop is reached"),
        (
            [*LOAD_BALANCER, "services.orders-ms.minReplicas=6"],
            "services.orders-ms.minReplicas is above maxReplicas",
        ),
        (
            [*LOAD_BALANCER, "services.products-ms.maxReplicas=6"],
            "services.products-ms.maxReplicas has to be below kafka.topics.partitions",
        ),
        (
            [*EXTERNAL, "mongodb.external.products-ms.secret="],
            "mongodb.external.products-ms.secret is missing, and mongodb.operator.enabled is false",
        ),
        (
            [*EXTERNAL, "kafka.external.bootstrapServers="],
            "kafka.external.bootstrapServers is missing, and kafka.strimzi.enabled is false",
        ),
        (
            [*EXTERNAL, "kafka.external.bootstrapServers=broker"],
            'kafka.external.bootstrapServers: "broker" is not host:port',
        ),
        (
            [*EXTERNAL, "kafka.external.orders-ms.secret="],
            "kafka.external.orders-ms.secret is missing, and kafka.external.securityProtocol is SASL_SSL",
        ),
        ([*GATEWAY, "entry.gateway.className="], "entry.gateway.className is missing, and entry.type is gateway"),
        ([*GATEWAY, "entry.gateway.proxies=null"], "entry.gateway.proxies is missing, and entry.type is gateway"),
        (
            [*GATEWAY, "entry.gateway.issuer="],
            "entry.gateway.issuer or acmeEmail is missing, and entry.type is gateway",
        ),
    ],
)
def test_what_is_missing_is_named(sets: list[str], answer: str) -> None:
    assert refusal(sets) == answer


def test_on_gke_the_address_has_to_be_known() -> None:
    answer = refusal([one for one in GKE if "appended" not in one], "values-gke.yaml")
    assert answer.startswith("entry.gateway.appended is missing")


def test_an_old_kubernetes_is_named() -> None:
    answer = refusal(LOAD_BALANCER, kubernetes="1.29.9")
    assert answer == "chart requires kubeVersion: >=1.30.0-0 which is incompatible with Kubernetes v1.29.9"


def test_no_plain_protocol_needs_a_login() -> None:
    plain = [one for one in EXTERNAL if "login" not in one]
    assert "products-login" not in rendered("values.yaml", [*plain, "kafka.external.securityProtocol=PLAINTEXT"])


def test_the_chart_has_no_secret_in_it() -> None:
    for values, sets in VARIANTS.values():
        assert "\nkind: Secret\n" not in rendered(values, sets)


def test_an_old_helm_is_named(tmp_path: Path) -> None:
    # No older one can be had beside this one, so the bar is raised instead.
    chart = Path(shutil.copytree(CHART, tmp_path / "shop"))
    checks = chart / "templates" / "checks.yaml"
    text = checks.read_text()
    assert "<3.14.0-0" in text
    checks.write_text(text.replace("<3.14.0-0", "<99.0.0-0"))
    answer = refusal(LOAD_BALANCER, chart=chart)
    assert re.fullmatch(r"Helm v3\.22\S* is too old: 3\.14 or newer is needed", answer)
