"""Terraform's files against the real schema of the provider they pin. What Google would say to them is not asked."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lab import terraform
from lab.errors import LabError
from lab.layout import ROOT
from local_stack.needed import needs

SOURCES = ROOT / "infrastructure" / "terraform"
EXAMPLE = SOURCES / "terraform.tfvars.example"

pytestmark = needs(terraform.lacking(), "Terraform's files are not checked")


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that was set up with the example's values. Its state is a file: the bucket is in the cloud."""
    folder = tmp_path_factory.mktemp("terraform") / "copy"
    shutil.copytree(SOURCES, folder, ignore=shutil.ignore_patterns(".terraform*", "*.tfvars", "*.tfstate*"))
    (folder / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    (folder / "terraform.tfvars").write_text(EXAMPLE.read_text())
    terraform.terraform(folder, "init", "-input=false")
    return folder


@pytest.fixture
def edited(ready: Path, tmp_path: Path) -> Callable[[str, str, str], Path]:
    def edit(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "copy"
        shutil.copytree(ready, folder, symlinks=True)
        text = (folder / file).read_text()
        assert text.count(old) == 1
        (folder / file).write_text(text.replace(old, new))
        return folder

    return edit


@pytest.fixture
def variables(tmp_path: Path) -> Path:
    """The variables alone, with the example's values: they are checked before any provider is asked."""
    shutil.copy(SOURCES / "variables.tf", tmp_path)
    shutil.copy(EXAMPLE, tmp_path / "terraform.tfvars")
    return tmp_path


def complaint(folder: Path, *words: str) -> str:
    """What Terraform says when it refuses, without its line breaks."""
    with pytest.raises(LabError) as refused:
        terraform.terraform(folder, *words, "-no-color")
    return " ".join(str(refused.value).split())


@pytest.fixture(scope="module")
def plan(ready: Path) -> dict[str, Any]:
    terraform.terraform(ready, "plan", "-input=false", "-out=plan")
    told: dict[str, Any] = json.loads(terraform.terraform(ready, "show", "-json", "plan"))
    return told


@pytest.fixture(scope="module")
def planned(plan: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What each resource is asked to be, by its address."""
    return {one["address"]: one["values"] for one in plan["planned_values"]["root_module"]["resources"]}


def test_it_is_formatted_and_valid(ready: Path) -> None:
    assert terraform.terraform(SOURCES, "fmt", "-check", "-recursive") == ""
    assert json.loads(terraform.terraform(ready, "validate", "-json"))["diagnostics"] == []


def test_the_plan_makes_these_and_nothing_else(plan: dict[str, Any]) -> None:
    assert {tuple(one["change"]["actions"]) for one in plan["resource_changes"]} == {("create",)}
    assert Counter(one["type"] for one in plan["resource_changes"]) == {
        "google_project_service": 7,
        "google_compute_network": 1,
        "google_compute_subnetwork": 1,
        "google_compute_router": 1,
        "google_compute_router_nat": 1,
        "google_container_cluster": 1,
        "google_container_node_pool": 1,
        "google_service_account": 2,
        "google_project_iam_member": 2,
        "google_artifact_registry_repository": 1,
        "google_artifact_registry_repository_iam_member": 2,
        "google_compute_global_address": 1,
        "google_dns_managed_zone": 1,
        "google_dns_record_set": 1,
        "google_iam_workload_identity_pool": 1,
        "google_iam_workload_identity_pool_provider": 1,
        "google_service_account_iam_member": 1,
    }


def test_the_cluster_is_private_and_enforces_policies(planned: dict[str, dict[str, Any]]) -> None:
    cluster = planned["google_container_cluster.shop"]
    assert cluster["location"] == "europe-west1"
    assert cluster["deletion_protection"] is True
    assert cluster["datapath_provider"] == "ADVANCED_DATAPATH"
    assert cluster["networking_mode"] == "VPC_NATIVE"
    assert cluster["private_cluster_config"][0]["enable_private_nodes"] is True
    assert cluster["master_authorized_networks_config"][0]["cidr_blocks"] == []
    assert cluster["workload_identity_config"] == [{"workload_pool": "my-shop-123456.svc.id.goog"}]
    assert cluster["gateway_api_config"] == [{"channel": "CHANNEL_STANDARD"}]
    assert cluster["release_channel"] == [{"channel": "REGULAR"}]
    assert cluster["maintenance_policy"][0]["daily_maintenance_window"][0]["start_time"] == "02:00"


def test_nodes_scale_and_are_shielded(planned: dict[str, dict[str, Any]]) -> None:
    pool = planned['google_container_node_pool.shop["shop"]']
    assert pool["autoscaling"][0]["min_node_count"] == 1
    assert pool["autoscaling"][0]["max_node_count"] == 3
    assert pool["upgrade_settings"][0]["max_unavailable"] == 0
    node = pool["node_config"][0]
    assert node["machine_type"] == "e2-standard-4"
    assert node["shielded_instance_config"] == [{"enable_integrity_monitoring": True, "enable_secure_boot": True}]
    assert node["workload_metadata_config"] == [{"mode": "GKE_METADATA"}]


def test_accounts_get_these_roles_and_no_other(planned: dict[str, dict[str, Any]]) -> None:
    assert {address: values["role"] for address, values in planned.items() if "role" in values} == {
        "google_project_iam_member.nodes": "roles/container.defaultNodeServiceAccount",
        "google_project_iam_member.deployer": "roles/container.developer",
        "google_artifact_registry_repository_iam_member.nodes_pull": "roles/artifactregistry.reader",
        "google_artifact_registry_repository_iam_member.deployer_push": "roles/artifactregistry.writer",
        "google_service_account_iam_member.circleci_is_deployer": "roles/iam.workloadIdentityUser",
    }


def test_only_main_can_deploy(planned: dict[str, dict[str, Any]]) -> None:
    provider = planned["google_iam_workload_identity_pool_provider.circleci"]
    assert provider["attribute_condition"] == (
        "assertion['oidc.circleci.com/project-id'] == '00000000-0000-0000-0000-000000000000'"
        " && assertion['oidc.circleci.com/vcs-ref'] == 'refs/heads/main'"
        " && assertion['oidc.circleci.com/ssh-rerun'] == false"
    )


def test_a_pushed_tag_stays_what_it_is(planned: dict[str, dict[str, Any]]) -> None:
    images = planned["google_artifact_registry_repository.images"]
    assert images["docker_config"] == [{"immutable_tags": True}]


def test_the_domain_leads_to_the_address(planned: dict[str, dict[str, Any]]) -> None:
    record = planned["google_dns_record_set.shop"]
    assert (record["name"], record["type"], record["ttl"]) == ("shop.example.com.", "A", 300)


@pytest.mark.parametrize(
    ("file", "old", "new", "refusal"),
    [
        ("nodes.tf", "machine_type    =", "machine_typ =", 'An argument named "machine_typ" is not expected here.'),
        ("registry.tf", '  format        = "DOCKER"\n', "", 'The argument "format" is required, but no definition'),
        ("nodes.tf", "max_surge       = 1", 'max_surge = "one"', 'Inappropriate value for attribute "max_surge"'),
        ("cluster.tf", "gateway_api_config {", "gateway_config {", 'Blocks of type "gateway_config" are not expected'),
        ("dns.tf", '"google_dns_record_set"', '"google_dns_record"', 'support resource type "google_dns_record"'),
        ("network.tf", '"ERRORS_ONLY"', '"ERROR_ONLY"', '"ERROR_ONLY" is none of the possible values of filter'),
        ("registry.tf", '"KEEP"', '"KEPT"', '"KEPT" is none of the possible values of action'),
        ("outputs.tf", "shop.name_servers", "shop.nameservers", 'exported attribute named "nameservers"'),
    ],
)
def test_what_the_provider_does_not_know_is_refused(
    edited: Callable[[str, str, str], Path], file: str, old: str, new: str, refusal: str
) -> None:
    assert refusal in complaint(edited(file, old, new), "validate")


def test_another_version_than_the_checked_one_is_refused(edited: Callable[[str, str, str], Path]) -> None:
    folder = edited("versions.tf", '"8.7.0"', '"6.50.0"')
    assert "no available releases match the given constraints" in complaint(folder, "init", "-upgrade", "-input=false")


@pytest.mark.parametrize(
    ("variable", "refusal"),
    [
        ("project=My Shop", "project is a project's id: 6 to 30 small letters, digits and hyphens"),
        ("region=europe-west1-b", "region is a region, as in europe-west1. A zone, as in europe-west1-b, is too small"),
        ("domain=https://shop.example.com", "domain is a bare host name in small letters"),
        ("certificate_email=operators", "certificate_email is an e-mail address."),
        ("circleci_organization=acme", "circleci_organization is the organization's id, a UUID, not its name."),
        ("circleci_project=shop", "circleci_project is the project's id, a UUID, not its name."),
        ("name=-", "name has 4 to 21 small letters, digits and hyphens"),
        ('authorized_networks={office="203.0.113.0"}', "authorized_networks has a value that is no network"),
        ('authorized_networks={all="0.0.0.0/0"}', "authorized_networks must not hold the whole internet."),
        ("node_pools={}", "node_pools is empty: the shop needs nodes."),
        (
            'node_pools={a={machine_type="n2-standard-4",min_per_zone=1,max_per_zone=1}}',
            "node_pools: a machine_type is one of the e2 family, as in e2-standard-4.",
        ),
        (
            'node_pools={a={machine_type="e2-standard-4",min_per_zone=2,max_per_zone=1}}',
            "node_pools: min_per_zone is at least 1, and max_per_zone is not less than it.",
        ),
        ("release_channel=FAST", "release_channel is RAPID, REGULAR or STABLE."),
        ("maintenance_start=2:00", "maintenance_start is a time of day in UTC, as in 02:00."),
    ],
)
def test_a_bad_value_is_named(variables: Path, variable: str, refusal: str) -> None:
    assert refusal in complaint(variables, "plan", "-input=false", f"-var={variable}")


@pytest.mark.parametrize("name", re.findall(r"^(\w+) +=", EXAMPLE.read_text(), re.MULTILINE))
def test_a_missing_value_is_named(variables: Path, name: str) -> None:
    values = variables / "terraform.tfvars"
    values.write_text(re.sub(rf"^{name} .*\n", "", EXAMPLE.read_text(), flags=re.MULTILINE))
    assert f'The root module input variable "{name}" is not set' in complaint(variables, "plan", "-input=false")
