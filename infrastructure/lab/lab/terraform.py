"""Terraform, with a stand-in for Google's provider that has the real one's schema (infrastructure/lab/terraform)."""

import hashlib
import io
import json
import os
import shutil
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from lab import go_tools
from lab.commands import run
from lab.errors import LabError
from lab.google_schema import PROVIDER, Json, provider_schema
from lab.layout import CACHE, ROOT

_SOURCES = ROOT / "infrastructure" / "lab" / "terraform"
_READER = Path(__file__).with_name("google_schema.py")


def lacking() -> str | None:
    """What the machine lacks for it, in words; None if nothing."""
    if shutil.which("terraform") is None:
        return "there is no terraform here. It is at https://developer.hashicorp.com/terraform/install"
    return go_tools.lacking()


def terraform(folder: Path, *words: str) -> str:
    """What this Terraform command printed, run in `folder` with the stand-in. Raises LabError with its complaint."""
    settings = {
        "TF_CLI_CONFIG_FILE": str(_stand_in() / "terraform.rc"),
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
    }
    return run(["terraform", *words], cwd=folder, env={**os.environ, **settings})


def _stand_in() -> Path:
    """The folder of a filesystem mirror that holds the stand-in, and of the configuration that names it."""
    made_from = [*sorted(_SOURCES.iterdir()), _READER, Path(__file__)]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in made_from)).hexdigest()[:12]
    folder = CACHE / "terraform" / digest
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as unfinished:
            made = Path(unfinished) / digest
            _make(made)
            # Its own last name is written in it, so it is moved as a whole, when it is whole.
            (made / "terraform.rc").write_text(
                f'provider_installation {{\n  filesystem_mirror {{\n    path = "{folder}"\n  }}\n}}\n'
            )
            made.rename(folder)
    return folder


def _make(folder: Path) -> None:
    version, schemas = provider_schema(_bindings())
    place = folder / PROVIDER / version / "linux_amd64"
    place.mkdir(parents=True)
    (place / "schema.json").write_text(json.dumps(schemas))
    run(["go", "build", "-o", place / f"terraform-provider-google_v{version}", "."], cwd=_SOURCES, seconds=1200)


def _bindings() -> Json:
    """The jsii assembly of the bindings: in a Python package, an npm package, and in it one file."""
    with tempfile.TemporaryDirectory() as downloads:
        pinned = _SOURCES / "bindings.txt"
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--no-deps", "--require-hashes", "--dest", downloads, "--requirement", pinned])
        with zipfile.ZipFile(next(Path(downloads).glob("*.whl"))) as wheel:
            package = next(name for name in wheel.namelist() if name.endswith(".jsii.tgz"))
            with tarfile.open(fileobj=io.BytesIO(wheel.read(package))) as archive:
                assembly = archive.extractfile("package/.jsii")
                if assembly is None:
                    raise LabError(f"{package} holds no description of its types")
                described: Json = json.load(assembly)
                return described
