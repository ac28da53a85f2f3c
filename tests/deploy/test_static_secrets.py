"""No secret is in the history, nor was ever."""

import subprocess
from pathlib import Path

import pytest
from lab import go_tools
from lab.commands import run
from lab.errors import LabError
from lab.layout import ROOT
from local_stack.needed import needs

pytestmark = needs(go_tools.lacking(), "gitleaks is left out")


def gitleaks(repository: Path) -> str:
    """What it says when it finds nothing. Raises LabError with what it found, without the secrets."""
    program = go_tools.installed("github.com/zricethezav/gitleaks/v8", "v8.30.1")
    options = ("--no-banner", "--no-color", "--redact", "--verbose", f"--config={ROOT / '.gitleaks.toml'}")
    # It reports on the standard error.
    return run(["bash", "-c", '"$@" 2>&1', "gitleaks", program, "git", *options, repository])


def test_the_whole_history_holds_none() -> None:
    commits = run(["git", "rev-list", "--all", "--count"]).strip()
    assert run(["git", "rev-parse", "--is-shallow-repository"]).strip() == "false"
    said = gitleaks(ROOT)
    assert "no leaks found" in said
    scanned = int(next(line.split()[2] for line in said.splitlines() if "commits scanned" in line))
    # Merges bring no lines of their own, and an empty commit has none.
    assert 0.9 * int(commits) < scanned <= int(commits)


def test_a_key_that_was_removed_again_is_found(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        run(["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words], cwd=tmp_path)

    git("init", "--quiet")
    key = tmp_path / "signing.pem"
    subprocess.run(
        ["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key], check=True
    )
    git("add", ".")
    git("commit", "--quiet", "--message=A key")
    git("rm", "--quiet", "signing.pem")
    git("commit", "--quiet", "--message=No key")
    with pytest.raises(LabError, match=r"RuleID: +private-key[^\0]*File: +signing.pem[^\0]*leaks found: 1") as found:
        gitleaks(tmp_path)
    assert "BEGIN PRIVATE KEY" not in str(found.value)
