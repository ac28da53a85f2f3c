"""CircleCI's configuration: its schema, and that only main is released, after somebody approved it."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from lab.commands import run
from lab.errors import LabError
from lab.layout import ROOT

FILE = ROOT / ".circleci" / "config.yml"
CONFIG: dict[str, Any] = yaml.safe_load(FILE.read_text())
RELEASES = re.compile(r"make (push|deploy)\b|infrastructure/deploy/login")


def check(path: Path) -> str:
    return run([Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", "vendor.circle-ci", path])


def commands(job: str) -> str:
    """All that a job runs, as one text."""
    return json.dumps(CONFIG["jobs"][job]["steps"])


def test_it_keeps_to_the_schema() -> None:
    assert check(FILE) == "ok -- validation done\n"


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        ("version: 2.1", "version: 3", "version"),
        ("no_output_timeout: 30m", "no_output_time: 30m", "no_output_time"),
        ("requires: [approve]", "requires: approve", "'approve' is not of type 'array'"),
    ],
)
def test_what_does_not_keep_to_it_is_refused(tmp_path: Path, old: str, new: str, refusal: str) -> None:
    text = FILE.read_text()
    assert text.count(old) == 1
    (tmp_path / "config.yml").write_text(text.replace(old, new))
    with pytest.raises(LabError, match=refusal):
        check(tmp_path / "config.yml")


def test_every_branch_is_checked_and_only_main_is_released() -> None:
    jobs = {next(iter(job)) if isinstance(job, dict) else job: job for job in CONFIG["workflows"]["shop"]["jobs"]}
    assert list(jobs) == ["test", "images", "deployment", "approve", "release"]
    only_main = {"branches": {"only": "main"}}
    assert [jobs[name] for name in ("test", "images", "deployment")] == ["test", "images", "deployment"]
    assert jobs["approve"]["approve"] == {
        "type": "approval",
        "requires": ["test", "images", "deployment"],
        "filters": only_main,
    }
    assert jobs["release"]["release"] == {"context": "shop-deploy", "requires": ["approve"], "filters": only_main}


def test_only_the_release_logs_in_pushes_and_deploys() -> None:
    assert {job for job in CONFIG["jobs"] if RELEASES.search(commands(job))} == {"release"}
    assert [found[0] for found in RELEASES.finditer(commands("release"))] == [
        "infrastructure/deploy/login",
        "make push",
        "make deploy",
    ]


def test_it_runs_what_ci_run_runs() -> None:
    everything = " ".join(commands(job) for job in CONFIG["jobs"])
    wanted = set(re.findall(r"^make (.+)$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE))
    assert wanted <= set(re.findall(r"make ([a-z-]+)", everything))


def test_every_target_and_script_that_it_calls_is_there() -> None:
    everything = " ".join(commands(job) for job in CONFIG["jobs"])
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"make ([a-z-]+)", everything)) <= targets
    scripts = re.findall(r"(?:infrastructure/deploy|\.circleci)/[a-z-]+(?=[\s\"\\])", everything)
    assert scripts
    for script in scripts:
        assert (ROOT / script).stat().st_mode & 0o100


def test_there_is_no_code_of_others_and_no_secret() -> None:
    assert "orbs" not in CONFIG
    assert not re.search(r"set -x|printenv|\benv\b\s*$|echo.*TOKEN", FILE.read_text(), re.MULTILINE)
