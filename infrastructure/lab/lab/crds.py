"""The custom resources that the Helm chart speaks of, as their makers define them: fetched once, kept in the cache.

Gateway API, cert-manager and MongoDB publish their definitions in Go modules. MongoDB's is the last module of the
operator that MCK continues, with the same resource. Strimzi's are written by its own generator, which is on Maven.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

from lab.commands import run
from lab.errors import LabError
from lab.layout import CACHE

_MODULES = {
    "sigs.k8s.io/gateway-api@v1.4.1": "config/crd/standard/gateway.networking.k8s.io_*.yaml",
    "github.com/cert-manager/cert-manager@v1.21.2": "deploy/crds/cert-manager.io_*.yaml",
    "github.com/mongodb/mongodb-kubernetes-operator@v0.13.0": "config/crd/bases/*.yaml",
}
_STRIMZI = "1.2.0"
_JAVA = 21
"""Strimzi's classes are made for it."""
_KINDS = {
    "Kafka": "kafka.Kafka",
    "KafkaNodePool": "nodepool.KafkaNodePool",
    "KafkaTopic": "topic.KafkaTopic",
    "KafkaUser": "user.KafkaUser",
}
_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>shop</groupId>
  <artifactId>strimzi-crds</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>io.strimzi</groupId><artifactId>crd-generator</artifactId><version>{_STRIMZI}</version></dependency>
    <dependency><groupId>io.strimzi</groupId><artifactId>api</artifactId><version>{_STRIMZI}</version></dependency>
  </dependencies>
</project>
"""


def lacking() -> str | None:
    """Why the definitions can't be had on this machine, in words; None if they can."""
    if _folder().exists():
        return None
    missing = [tool for tool in ("go", "mvn") if shutil.which(tool) is None]
    if _java() is None:
        missing.append(f"Java {_JAVA} or newer")
    return f"the definitions of custom resources need {' and '.join(missing)}" if missing else None


def fetched() -> Path:
    """The folder of the definitions, a file each. Raises LabError if they can't be had."""
    folder = _folder()
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            made = Path(scratch, "made")
            made.mkdir()
            _from_modules(made, Path(scratch, "modules"))
            _from_strimzi(made, Path(scratch, "strimzi"))
            made.rename(folder)
    return folder


def _folder() -> Path:
    versions = [*_MODULES, f"strimzi@{_STRIMZI}"]
    return CACHE / "crds" / "-".join(version.rpartition("@")[2] for version in versions)


def _from_modules(into: Path, modules: Path) -> None:
    env = {**os.environ, "GOMODCACHE": str(modules), "GOFLAGS": "-modcacherw"}
    for module, pattern in _MODULES.items():
        folder = Path(json.loads(run(["go", "mod", "download", "-json", module], env=env, cwd=into))["Dir"])
        for definition in folder.glob(pattern):
            shutil.copy(definition, into)


def _from_strimzi(into: Path, folder: Path) -> None:
    java = _java()
    if java is None:
        raise LabError(lacking())
    folder.mkdir()
    (folder / "pom.xml").write_text(_POM)
    run(["mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=libs"], cwd=folder)
    model = "io.strimzi.api.kafka.model"
    wanted = [f"{model}.{path}={into / f'kafka.strimzi.io_{kind}.yaml'}" for kind, path in _KINDS.items()]
    generator = "io.strimzi.crdgenerator.CrdGenerator"
    run([java, "-cp", folder / "libs" / "*", generator, "--target-kube", "1.25+", "--yaml", *wanted], cwd=folder)


def _java() -> Path | None:
    """The first Java that is new enough: JAVA_HOME's, the path's, or one of those installed beside it."""
    named = [Path(os.environ["JAVA_HOME"], "bin", "java")] if os.environ.get("JAVA_HOME") else []
    on_path = [Path(found)] if (found := shutil.which("java")) else []
    installed = sorted(Path("/usr/lib/jvm").glob("*/bin/java"))
    return next((java for java in (*named, *on_path, *installed) if java.exists() and _version(java) >= _JAVA), None)


def _version(java: Path) -> int:
    release = java.resolve().parents[1] / "release"
    lines = release.read_text().splitlines() if release.exists() else []
    versions = [line.split('"')[1] for line in lines if line.startswith("JAVA_VERSION=")]
    return int(versions[0].split(".")[0]) if versions else 0
