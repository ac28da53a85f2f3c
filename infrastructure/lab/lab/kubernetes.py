"""The programs of Kubernetes, and what it leaves to others, built from their sources by the Go on this machine."""

import json
import os
import re
import shutil
from pathlib import Path

from lab import go_tools
from lab.commands import run
from lab.errors import LabError
from lab.layout import CACHE, ROOT

VERSION = "1.34.4"
"""The kubelets that come after this minor version refuse a machine with cgroups of version 1."""
_COREDNS = "v1.12.4"
_KUBE_ROUTER = "v2.1.0"
_OWN = ROOT / "infrastructure" / "lab" / "go"
"""Small programs that take parts out of CoreDNS and kube-router."""

_PROGRAMS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy", "kubelet", "kubectl")


def programs() -> Path:
    """The folder that holds them all; the first time it takes some minutes. Raises LabError if they can't be built."""
    if words := go_tools.lacking():
        raise LabError(words)
    folder = CACHE / "go" / f"kubernetes-v{VERSION}-coredns-{_COREDNS}-kube-router-{_KUBE_ROUTER}"
    if not folder.exists():
        unfinished = folder.with_name(f".{folder.name}.{os.getpid()}")
        shutil.rmtree(unfinished, ignore_errors=True)
        _build(unfinished)
        unfinished.rename(folder)
    return folder


def _build(folder: Path) -> None:
    """One module for all, since most of what they are made of is the same."""
    source = folder / "source"
    shutil.copytree(_OWN, source)
    env = {**os.environ, "GOFLAGS": "-mod=mod"}
    run(["go", "mod", "init", "lab"], cwd=source, env=env)
    kubernetes = f"k8s.io/kubernetes@v{VERSION}"
    others = [f"github.com/coredns/coredns@{_COREDNS}", f"github.com/cloudnativelabs/kube-router/v2@{_KUBE_ROUTER}"]
    needed = [word for module in (kubernetes, *others) for word in ("-require", module)]
    # Kubernetes replaces the libraries of its own repository by folders; who builds on it takes the published ones.
    own = json.loads(run(["go", "mod", "download", "-json", kubernetes], cwd=source, env=env))["GoMod"]
    for library in re.findall(r"^\s(k8s\.io/\S+) v0\.0\.0$", Path(own).read_text(), re.MULTILINE):
        needed += ["-replace", f"{library}={library}@v0.{VERSION.removeprefix('1.')}"]
    run(["go", "mod", "edit", *needed], cwd=source, env=env)
    flags = ["-s", "-w"]
    for package in ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version"):
        major, minor, _ = VERSION.split(".")
        flags += [
            f"-X {package}.gitVersion=v{VERSION}",
            f"-X {package}.gitMajor={major}",
            f"-X {package}.gitMinor={minor}",
        ]
    packages = [f"k8s.io/kubernetes/cmd/{program}" for program in _PROGRAMS]
    build = ["go", "build", "-trimpath", "-ldflags", " ".join(flags), "-o", f"{folder}/", "./...", *packages]
    run(["nice", *build], cwd=source, env=env, seconds=1800)
    shutil.rmtree(source)
