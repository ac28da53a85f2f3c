"""Login, push and deploy: what CircleCI runs on main, with real programs as far as they need no cloud."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]
from lab import go_tools, helm, terraform
from lab.commands import start, stop
from lab.engine import Engine
from lab.layout import ROOT
from local_stack.needed import needs
from local_stack.ports import LOOPBACK, free_ports, wait_until_listening

from tests.deploy.chart import CHART, PARTS, needs_helm

TOKEN = "a-token-that-nobody-may-see"
TERRAFORM_MADE = {
    "SHOP_PROJECT": "my-shop-123456",
    "SHOP_REGION": "europe-west1",
    "SHOP_CLUSTER": "shop",
    "SHOP_REGISTRY": "europe-west1-docker.pkg.dev/my-shop-123456/shop",
    "SHOP_DOMAIN": "shop.example.com",
    "SHOP_ADDRESS": "203.0.113.7",
    "SHOP_ADDRESS_NAME": "shop",
    "SHOP_CERTIFICATE_EMAIL": "operators@example.com",
    "SHOP_IDENTITY_PROVIDER": "projects/1/locations/global/workloadIdentityPools/shop-circleci/providers/circleci",
    "SHOP_DEPLOYER": "shop-deployer@my-shop-123456.iam.gserviceaccount.com",
}


@dataclass
class Checkout:
    """The scripts where they may write, with stubs before everything else on the PATH."""

    folder: Path

    def stub(self, program: str, script: str) -> None:
        path = self.folder / "stubs" / program
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/bash\n{script}\n")
        path.chmod(0o755)

    def run(self, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
        env = {
            "PATH": f"{self.folder / 'stubs'}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "SHOP_TAG": "abc",
            **variables,
        }
        return subprocess.run(
            [self.folder / "infrastructure" / "deploy" / script],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    shutil.copytree(ROOT / "infrastructure" / "deploy", tmp_path / "infrastructure" / "deploy")
    return Checkout(tmp_path)


@pytest.mark.parametrize("missing", ["SHOP_CLUSTER", "SHOP_DOMAIN", "SHOP_ADDRESS", "SHOP_CERTIFICATE_EMAIL"])
def test_a_missing_variable_is_named_before_anything_starts(checkout: Checkout, missing: str) -> None:
    for program in ("gcloud", "gke-gcloud-auth-plugin", "kubectl", "helm"):
        checkout.stub(program, "touch started")
    done = checkout.run("deploy", **{name: value for name, value in TERRAFORM_MADE.items() if name != missing})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"deploy: {missing} is missing: see infrastructure/terraform/README.md\n"
    assert not (checkout.folder / "started").exists()


def test_nothing_is_deployed_that_was_not_pushed(checkout: Checkout) -> None:
    for program in ("gcloud", "gke-gcloud-auth-plugin", "kubectl", "helm"):
        checkout.stub(program, "touch started")
    done = checkout.run("deploy", **TERRAFORM_MADE)
    assert (done.returncode, done.stderr) == (2, "deploy: .deploy/images.yaml is missing: make push\n")
    assert not (checkout.folder / "started").exists()


def test_nothing_is_pushed_that_was_not_built(checkout: Checkout) -> None:
    checkout.stub("docker", "exit 1")
    done = checkout.run("push", **TERRAFORM_MADE)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "push: shop/gateway-ms:abc is not built: make images SHOP_TAG=abc\n"


@needs(terraform.lacking(), "no output is read")
def test_what_terraform_made_is_read_from_it(checkout: Checkout) -> None:
    folder = checkout.folder / "infrastructure" / "terraform"
    folder.mkdir()
    lines = "".join(f"{name}={value}\n" for name, value in TERRAFORM_MADE.items())
    (folder / "outputs.tf").write_text(
        'terraform {\n  backend "local" {}\n}\n'
        f'output "deploy_environment" {{\n  value = <<-LINES\n{lines}LINES\n}}\n'
    )
    terraform.terraform(folder, "init")
    terraform.terraform(folder, "apply", "-auto-approve")
    checkout.stub("docker", f'echo "$SHOP_REGISTRY $SHOP_DEPLOYER" >{checkout.folder}/read; exit 1')
    assert checkout.run("push").returncode == 2
    assert (checkout.folder / "read").read_text().split() == [
        TERRAFORM_MADE["SHOP_REGISTRY"],
        TERRAFORM_MADE["SHOP_DEPLOYER"],
    ]


def test_terraform_tells_what_the_scripts_want() -> None:
    told = re.findall(
        r"^ +(SHOP_\w+)=", (ROOT / "infrastructure" / "terraform" / "outputs.tf").read_text(), re.MULTILINE
    )
    assert told == list(TERRAFORM_MADE)
    scripts = "".join((ROOT / "infrastructure" / "deploy" / name).read_text() for name in ("login", "push", "deploy"))
    assert set(re.findall(r"\$\{?(SHOP_\w+)", scripts)) == {*told, "SHOP_TAG"}


needs_gcloud = needs(None if shutil.which("gcloud") else "there is no gcloud here", "the login is not tried")


@needs_gcloud
def test_login_keeps_the_token_to_itself(checkout: Checkout) -> None:
    checkout.stub("docker", "")
    done = checkout.run("login", **TERRAFORM_MADE, CIRCLE_OIDC_TOKEN_V2=TOKEN)
    assert done.returncode == 0, done.stderr
    assert TOKEN not in done.stdout + done.stderr
    credentials = checkout.folder / ".deploy" / "credentials.json"
    told = json.loads(credentials.read_text())
    assert told["audience"] == f"//iam.googleapis.com/{TERRAFORM_MADE['SHOP_IDENTITY_PROVIDER']}"
    assert told["service_account_impersonation_url"].endswith(f"/{TERRAFORM_MADE['SHOP_DEPLOYER']}:generateAccessToken")
    source = Path(told["credential_source"]["file"])
    assert source.read_text() == TOKEN
    assert source.stat().st_mode & 0o077 == 0
    docker = json.loads((checkout.folder / ".docker" / "config.json").read_text())
    assert docker["credHelpers"] == {"europe-west1-docker.pkg.dev": "gcloud"}


@needs_gcloud
def test_login_says_where_the_token_comes_from(checkout: Checkout) -> None:
    checkout.stub("docker", "")
    done = checkout.run("login", **TERRAFORM_MADE)
    assert done.returncode == 2
    assert done.stderr == ("login: CIRCLE_OIDC_TOKEN_V2 is missing: CircleCI gives it to jobs that use a context\n")


@needs_helm
def test_deploy_installs_what_was_pushed_or_takes_it_back(checkout: Checkout) -> None:
    for program in ("gcloud", "helm"):
        checkout.stub(program, f'printf "%s\\n" "$@" >{checkout.folder}/{program}.words')
    for program in ("gke-gcloud-auth-plugin", "kubectl"):
        checkout.stub(program, "")
    digests = {name: {"digest": f"sha256:{number:064x}"} for number, name in enumerate(PARTS)}
    pushed = checkout.folder / ".deploy" / "images.yaml"
    pushed.parent.mkdir()
    pushed.write_text(yaml.safe_dump({"images": digests}))

    done = checkout.run("deploy", **TERRAFORM_MADE)

    assert done.returncode == 0, done.stderr
    assert (checkout.folder / "gcloud.words").read_text().split() == [
        *("container", "clusters", "get-credentials", "shop"),
        *("--project=my-shop-123456", "--region=europe-west1", "--dns-endpoint"),
    ]
    words = (checkout.folder / "helm.words").read_text().split()
    assert words[:8] == [
        *("upgrade", "shop", "infrastructure/helm/shop"),
        *("--install", "--namespace=shop", "--atomic", "--wait", "--timeout=15m"),
    ]
    values = [word.replace("=.deploy/", f"={pushed.parent}/") for word in words[8:]]
    rendered = list(
        yaml.safe_load_all(helm.helm("template", "shop", CHART, "--kube-version", helm.KUBERNETES, *values))
    )
    images = {
        container["image"]
        for one in rendered
        if one and one["kind"] == "Deployment"
        for container in one["spec"]["template"]["spec"]["containers"]
    }
    assert images == {f"{TERRAFORM_MADE['SHOP_REGISTRY']}/{name}@{digests[name]['digest']}" for name in PARTS}
    gateway = next(one for one in rendered if one and one["kind"] == "Gateway")
    assert gateway["spec"]["addresses"] == [{"type": "NamedAddress", "value": "shop"}]
    assert {listener["hostname"] for listener in gateway["spec"]["listeners"]} == {"shop.example.com"}


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[str]:
    """`host:port` of a registry that keeps what it gets in memory."""
    program = go_tools.installed("github.com/google/go-containerregistry/cmd/registry", "v0.22.1")
    port = free_ports(1)
    process = start([program, "-port", str(port)], tmp_path / "registry.log")
    wait_until_listening(port, 10)
    yield f"{LOOPBACK}:{port}"
    stop(process)


def test_push_writes_down_what_the_registry_has(engine: Engine, registry: str, checkout: Checkout) -> None:
    for name in PARTS:
        engine.docker("build", "--quiet", f"--tag=shop/{name}:abc", "-", stdin=f"FROM scratch\nLABEL part={name}\n")
    env = {**engine.env, "SHOP_REGISTRY": f"{registry}/shop"}
    try:
        first = checkout.run("push", **env, SHOP_TAG="abc")
        assert first.returncode == 0, first.stderr
        written = (checkout.folder / ".deploy" / "images.yaml").read_text()
        assert first.stdout == written
        for name, image in yaml.safe_load(written)["images"].items():
            told = engine.docker("buildx", "imagetools", "inspect", f"{registry}/shop/{name}@{image['digest']}")
            assert image["digest"] in told
        # Again, with other images of the same tag: a tag that was pushed stays what it is.
        for name in PARTS:
            engine.docker(
                "build", "--quiet", f"--tag=shop/{name}:abc", "-", stdin=f"FROM scratch\nLABEL other={name}\n"
            )
        again = checkout.run("push", **env, SHOP_TAG="abc")
        assert (again.returncode, again.stdout) == (0, written)
    finally:
        tags = [f"{prefix}/{name}:abc" for name in PARTS for prefix in ("shop", f"{registry}/shop")]
        engine.docker("image", "rm", "--force", *tags)
