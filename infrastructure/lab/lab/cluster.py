"""A Kubernetes cluster of one node, from the programs of Kubernetes itself."""

import fcntl
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab import control_groups, debs, engine, go_tools, kubernetes, leftovers, machine, network
from lab.commands import end_of, run, start, stop
from lab.control_plane import NODE_NAME, ControlPlane
from lab.engine import Engine
from lab.errors import LabError
from lab.layout import CACHE, ROOT
from lab.node import PAUSE, Node

_FOLDER = CACHE / "cluster"
_LOCK = Path("/run/lock/shop-lab")
_MANIFESTS = ROOT / "infrastructure" / "lab" / "manifests"
_COREDNS = "shop-lab/coredns:1"


@dataclass(frozen=True)
class Cluster:
    """`env` is for everything that speaks to the cluster as its administrator: kubectl is on its PATH."""

    env: Mapping[str, str]
    node: Node

    def kubectl(self, *words: str | Path, stdin: str | None = None, seconds: float = 300) -> str:
        """What this kubectl command printed. Raises LabError with the end of its output if it fails."""
        return run(["kubectl", *words], env=self.env, stdin=stdin, seconds=seconds)

    def load(self, docker: Engine, *images: str) -> None:
        """Have images of the engine on the node. A pod must not ask for them to be pulled always."""
        pipe = f"docker save {' '.join(images)} | ctr --address {self.node.socket} --namespace k8s.io images import -"
        run(["bash", "-o", "pipefail", "-c", pipe], env={**docker.env, "PATH": self.env["PATH"]})


def lacking() -> str | None:
    """Why there can be no cluster on this machine, in words; None if there can."""
    return machine.lacking("a Kubernetes cluster", "runc", "iptables", "nft", "ipset") or go_tools.lacking()


def left_behind() -> list[str]:
    """What is still on the machine of a cluster that has ended, in words."""
    return leftovers.found(_FOLDER) + network.found()


@contextmanager
def running(docker: Engine) -> Iterator[Cluster]:
    """A cluster whose node is ready and whose names resolve; in the end nothing of it is left.

    Raises LabError if it does not start."""
    if reason := lacking():
        raise LabError(reason)
    programs = kubernetes.programs()
    with _LOCK.open("w") as lock, ExitStack() as stack:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the machine has one bridge and one control group for all of its checkouts
        stack.enter_context(network.bridged())
        leftovers.remove(_FOLDER)
        stack.callback(leftovers.remove, _FOLDER)
        _FOLDER.mkdir()
        control_groups.make()
        yield _started(docker, programs, stack)


def _started(docker: Engine, programs: Path, stack: ExitStack) -> Cluster:
    """Each program is stopped before those that were started before it."""
    own = debs.unpacked(machine.RELEASE, ("etcd-server", "containernetworking-plugins"))
    control_plane = ControlPlane(_FOLDER)
    node = Node(_FOLDER, own / "usr" / "lib" / "cni", control_plane)
    control_plane.prepare()
    node.prepare()
    path = [programs, own / "usr" / "bin", engine.unpacked() / "usr" / "bin", os.environ["PATH"], "/usr/sbin"]
    env = {**os.environ, "PATH": ":".join(map(str, path)), "KUBECONFIG": str(control_plane.kubeconfig("admin"))}
    cluster = Cluster(env, node)
    arguments = control_plane.arguments() | node.arguments()

    started: dict[str, subprocess.Popen[bytes]] = {}

    def launch(*names: str, priority: str = "10") -> None:
        for name in names:
            started[name] = start(["nice", "-n", priority, name, *arguments[name]], _log(name), env)
            stack.callback(stop, started[name])

    def until(program: str, *words: str) -> None:
        """Wait until this kubectl command succeeds, which the program has to bring about."""
        deadline = time.monotonic() + 120
        while True:
            try:
                cluster.kubectl(*words)
            except LabError as error:
                if started[program].poll() is not None or time.monotonic() > deadline:
                    raise LabError(f"{program} does not do its work: {error}\n{end_of(_log(program))}") from error
                time.sleep(0.2)
            else:
                return

    launch("containerd", "etcd", "kube-apiserver")
    until("kube-apiserver", "get", "--raw=/readyz")
    docker.docker(
        "build", "--quiet", "--tag", PAUSE, "-", stdin='FROM debian:bookworm-slim\nCMD ["sleep", "infinity"]\n'
    )
    names = 'FROM debian:bookworm-slim\nCOPY coredns /\nENTRYPOINT ["/coredns"]\n'
    docker.docker("build", "--quiet", "--tag", _COREDNS, "--file", "-", programs, stdin=names)
    cluster.load(docker, PAUSE, _COREDNS)
    cluster.kubectl("apply", "--filename", _MANIFESTS)
    launch("kubelet", "kube-proxy")
    until("kubelet", "wait", "--for=condition=Ready", f"node/{NODE_NAME}", "--timeout=60s")
    # Before all others: a pod that is ready before the rules know its address is refused by those it calls.
    launch("policies", priority="-15")
    # By the kubelet, which takes away their networks; with no controller any more that starts others.
    stack.callback(
        cluster.kubectl, "delete", "pods", "--all", "--all-namespaces", "--grace-period=1", "--ignore-not-found"
    )
    launch("kube-controller-manager", "kube-scheduler")
    until("kube-controller-manager", "get", "serviceaccount/default")
    rollout = ["rollout", "status", "deployment/coredns", "--namespace=kube-system", "--timeout=60s"]
    until("kubelet", *rollout)
    for name, process in started.items():
        if process.poll() is not None:
            raise LabError(f"{name} has ended:\n{end_of(_log(name))}")
    return cluster


def _log(program: str) -> Path:
    return _FOLDER / f"{program}.log"
