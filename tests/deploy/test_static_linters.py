"""Dockerfiles, shell scripts, Go, compose files and nginx's, by the tools that know them."""

import subprocess
import sys
from pathlib import Path

import pytest
from lab import go_tools
from lab.commands import run
from lab.errors import LabError
from lab.layout import ROOT
from local_stack import nginx
from local_stack.needed import needs

TRACKED = run(["git", "ls-files"]).splitlines()


def tool(name: str, *words: str | Path, cwd: Path = ROOT) -> str:
    return run([Path(sys.executable).with_name(name), *words], cwd=cwd)


def is_shell(path: str) -> bool:
    with (ROOT / path).open("rb") as file:
        first = file.readline(100)
    return first.startswith(b"#!") and first.split(b"/")[-1].split()[-1] in (b"sh", b"bash", b"dash")


DOCKERFILES = [path for path in TRACKED if Path(path).name == "Dockerfile"]
SCRIPTS = [path for path in TRACKED if path.endswith(".sh") or is_shell(path)]
COMPOSE_FILES = [path for path in TRACKED if path.startswith("docker-compose")]


def test_what_is_checked_is_there() -> None:
    services = {f"{name}-ms/Dockerfile" for name in ("authentication", "gateway", "orders", "products")}
    assert {*services, "frontend/Dockerfile"} <= set(DOCKERFILES)
    assert {"docker-compose-dev.yaml", "docker-compose-prod.yaml"} <= set(COMPOSE_FILES)
    assert {".ci/run", "infrastructure/deploy/deploy", "infrastructure/local/check-machine"} <= set(SCRIPTS)


@pytest.mark.parametrize("path", DOCKERFILES)
def test_hadolint_finds_nothing(path: str) -> None:
    assert tool("hadolint", path) == ""


def test_hadolint_finds_a_base_without_a_version(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian\n")
    with pytest.raises(LabError, match="DL3006"):
        tool("hadolint", tmp_path / "Dockerfile")


@pytest.mark.parametrize("path", SCRIPTS)
def test_shellcheck_finds_nothing(path: str) -> None:
    assert tool("shellcheck", "--external-sources", path) == ""


def test_shellcheck_finds_a_word_that_falls_apart(tmp_path: Path) -> None:
    (tmp_path / "remove").write_text("#!/bin/bash\nrm -r $1\n")
    with pytest.raises(LabError, match="SC2086"):
        tool("shellcheck", tmp_path / "remove")


needs_go = needs(go_tools.lacking(), "Go's files are not checked")


@needs_go
def test_go_is_formatted_and_vetted() -> None:
    sources = [path for path in TRACKED if path.endswith(".go")]
    assert "infrastructure/lab/terraform/main.go" in sources
    assert run(["gofmt", "-l", *sources]) == ""
    run(["go", "vet", "."], cwd=ROOT / "infrastructure" / "lab" / "terraform")


@needs_go
def test_gofmt_finds_what_is_not_formatted(tmp_path: Path) -> None:
    (tmp_path / "main.go").write_text("package  main\n")
    assert run(["gofmt", "-l", tmp_path]) == f"{tmp_path / 'main.go'}\n"


@pytest.mark.parametrize("path", COMPOSE_FILES)
def test_a_compose_file_keeps_to_its_schema(path: str) -> None:
    assert tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", path) == "ok -- validation done\n"


def test_a_compose_file_with_a_typo_does_not(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services:\n  one:\n    image: a\n    helthcheck: {}\n")
    with pytest.raises(LabError, match="'helthcheck' was unexpected"):
        tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", tmp_path / "compose.yaml")


@pytest.fixture
def tls(tmp_path: Path) -> dict[str, str]:
    """The values for an entry by HTTPS, with a certificate that was made for it."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc")
    make = ("req", "-x509", *curve, "-days", "1", "-subj", "/CN=shop.test")
    subprocess.run(["openssl", *make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return {
        "SHOP_ENTRY": "tls",
        "SHOP_LISTEN_TLS": "8443",
        "SHOP_HOST": "shop.test",
        "SHOP_HTTPS_PORT": "8443",
        "SHOP_CERTIFICATE": str(certificate),
        "SHOP_CERTIFICATE_KEY": str(key),
    }


needs_nginx = needs(nginx.missing(), "nginx's files are not tested")


@needs_nginx
@pytest.mark.parametrize("entry", ["plain", "tls"])
def test_nginx_takes_its_files(tmp_path: Path, tls: dict[str, str], entry: str) -> None:
    values = tls if entry == "tls" else {}
    run([*nginx.command(tmp_path / "nginx", 8080, tmp_path, 8000, values), "-t"])


@needs_nginx
@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"SHOP_TRUSTED_PROXIES": "set_real_ip 10.0.0.0/8;"}, 'unknown directive "set_real_ip"'),
        ({"SHOP_TRUSTED_PROXIES": "set_real_ip_from 10.0.0.0/33;"}, "host not found"),
        ({"SHOP_LISTEN": "70000"}, "invalid port"),
    ],
)
def test_nginx_refuses_a_bad_value(tmp_path: Path, values: dict[str, str], refusal: str) -> None:
    with pytest.raises(LabError, match=refusal):
        run([*nginx.command(tmp_path / "nginx", 8080, tmp_path, 8000, values), "-t"])
