"""What checkov and tflint say to Terraform's files. What is skipped of checkov's is said beside the resource."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from lab import go_tools, python_tools
from lab.commands import run
from lab.errors import LabError
from lab.layout import ROOT
from local_stack.needed import needs

SOURCES = ROOT / "infrastructure" / "terraform"
SKIPPED = {"CKV_GCP_12", "CKV_GCP_65", "CKV_GCP_66", "CKV_GCP_84", "CKV2_GCP_18"}


def checkov(folder: Path) -> dict[str, Any]:
    options = ("--framework", "terraform", "--skip-download", "--soft-fail", "--output", "json")
    results: dict[str, Any] = json.loads(python_tools.tool("checkov", "3.3.30", "--directory", folder, *options))[
        "results"
    ]
    return results


def tflint(folder: Path) -> str:
    return run([go_tools.installed("github.com/terraform-linters/tflint", "v0.64.0"), f"--chdir={folder}"])


def copy_with(tmp_path: Path, file: str, old: str, new: str) -> Path:
    folder = tmp_path / "terraform"
    shutil.copytree(SOURCES, folder, ignore=shutil.ignore_patterns(".terraform", "*.tfvars", "*.tfstate*"))
    text = (folder / file).read_text()
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new))
    return folder


def test_checkov_finds_nothing() -> None:
    results = checkov(SOURCES)
    assert results["failed_checks"] == []
    assert results["parsing_errors"] == []
    assert {check["check_id"] for check in results["skipped_checks"]} == SKIPPED
    assert len(results["passed_checks"]) == 41


def test_checkov_finds_nodes_that_boot_anything(tmp_path: Path) -> None:
    folder = copy_with(tmp_path, "nodes.tf", "enable_secure_boot          = true", "enable_secure_boot = false")
    assert [check["check_id"] for check in checkov(folder)["failed_checks"]] == ["CKV_GCP_68"]


needs_go = needs(go_tools.lacking(), "tflint is left out")


@needs_go
def test_tflint_finds_nothing() -> None:
    assert tflint(SOURCES) == ""


@needs_go
def test_tflint_finds_a_variable_that_nothing_uses(tmp_path: Path) -> None:
    folder = copy_with(tmp_path, "cluster.tf", "channel = var.release_channel", 'channel = "REGULAR"')
    with pytest.raises(LabError, match='variable "release_channel" is declared but not used'):
        tflint(folder)
