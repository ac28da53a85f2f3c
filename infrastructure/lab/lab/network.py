"""The addresses of the cluster, and the bridge that is its node: no other machine can reach it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab import firewall
from lab.commands import run, works

BRIDGE = "shop-lab0"
NODE = "10.213.0.1"
PODS = "10.213.0.0/24"
SERVICES = "10.214.0.0/16"
DNS = "10.214.0.10"

_RULES = (BRIDGE, "KUBE-ROUTER", "KUBE-POD-FW", "KUBE-NWPLCY")
_SETS = ("KUBE-SRC", "KUBE-DST", "kube-router")
_FORWARD = ("iptables", "-I", "FORWARD")
_KERNEL = (
    *("net/ipv4/ip_forward", "net/bridge/bridge-nf-call-iptables"),
    *("vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops"),
)
"""What the cluster's programs set, to be set back in the end."""


@contextmanager
def bridged() -> Iterator[None]:
    """The node's address on a bridge of its own, with packets passed to and from it."""
    before = {name: setting.read_text() for name in _KERNEL if (setting := Path("/proc/sys") / name).exists()}
    remove()
    run(["ip", "link", "add", BRIDGE, "type", "bridge"])
    try:
        run(["ip", "address", "add", f"{NODE}/24", "dev", BRIDGE])
        run(["ip", "link", "set", BRIDGE, "up"])
        Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
        # An engine has the kernel drop what it does not know.
        run([*_FORWARD, "-i", BRIDGE, "-j", "ACCEPT"])
        run([*_FORWARD, "-o", BRIDGE, "-j", "ACCEPT"])
        yield
    finally:
        remove()
        for name, value in before.items():
            (Path("/proc/sys") / name).write_text(value)


def remove() -> None:
    """Take away the bridge and the rules for it and for the cluster's Services."""
    firewall.forget(*_RULES)
    for name in _sets():
        run(["ipset", "destroy", name])
    for family in ("ip", "ip6"):
        works(["nft", "delete", "table", family, "kube-proxy"])
    if works(["ip", "link", "show", BRIDGE]):
        run(["ip", "link", "delete", BRIDGE])


def _sets() -> list[str]:
    """The sets of addresses that policies name; one that is made of others comes before them."""
    return [name for name in reversed(run(["ipset", "list", "-name"]).split()) if name.startswith(_SETS)]


def found() -> list[str]:
    """What is still there of the cluster's network, in words."""
    bridge = [f"bridge {BRIDGE}"] if works(["ip", "link", "show", BRIDGE]) else []
    rules = [f"rule {rule}" for rule in run(["iptables", "-S"]).splitlines() if any(name in rule for name in _RULES)]
    return bridge + rules + _sets() + (["table kube-proxy"] if "kube-proxy" in run(["nft", "list", "tables"]) else [])
