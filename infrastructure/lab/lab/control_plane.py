"""The programs that hold the cluster's state and decide: etcd, API server, controllers and scheduler."""

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from local_stack.ports import LOOPBACK, free_ports

from lab.commands import run
from lab.network import NODE, PODS, SERVICES

NODE_NAME = "shop-lab"
_GROUPS = {
    "admin": "system:masters",
    f"system:node:{NODE_NAME}": "system:nodes",
    "system:kube-controller-manager": "",
    "system:kube-scheduler": "",
    "system:kube-proxy": "",
    "policies": "",
}


@dataclass(frozen=True)
class ControlPlane:
    """In a folder of its own."""

    folder: Path
    tokens: dict[str, str] = field(
        default_factory=lambda: {user: secrets.token_hex(16) for user in _GROUPS}, repr=False
    )

    def prepare(self) -> None:
        """Write the keys, and for every user a token and a kubeconfig."""
        lines = [f"{self.tokens[user]},{user},{user},{group}\n" for user, group in _GROUPS.items()]
        (self.folder / "tokens.csv").write_text("".join(lines))
        run(["openssl", "genrsa", "-out", self.folder / "service-accounts.key", "2048"])
        for user in _GROUPS:
            self.kubeconfig(user).write_text(json.dumps(self._access(user)))

    def kubeconfig(self, user: str) -> Path:
        """The file by which this user reaches the API server."""
        return self.folder / f"{user.replace(':', '-')}.kubeconfig"

    def _access(self, user: str) -> dict[str, object]:
        # The API server makes this certificate when it starts, and signs it itself.
        authority = str(self.folder / "certificates" / "apiserver.crt")
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {"name": "lab", "cluster": {"server": f"https://{NODE}:6443", "certificate-authority": authority}}
            ],
            "users": [{"name": user, "user": {"token": self.tokens[user]}}],
            "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": user}}],
            "current-context": "lab",
        }

    def arguments(self) -> dict[str, list[str]]:
        """The arguments of each program, by its name."""
        first = free_ports(2)
        etcd, peers = f"http://{LOOPBACK}:{first}", f"http://{LOOPBACK}:{first + 1}"
        key, certificates = self.folder / "service-accounts.key", self.folder / "certificates"
        return {
            "etcd": [
                *("--name=lab", f"--data-dir={self.folder / 'etcd'}", "--unsafe-no-fsync"),
                *(f"--listen-client-urls={etcd}", f"--advertise-client-urls={etcd}"),
                *(f"--listen-peer-urls={peers}", f"--initial-advertise-peer-urls={peers}"),
                f"--initial-cluster=lab={peers}",
            ],
            "kube-apiserver": [
                *(f"--etcd-servers={etcd}", f"--bind-address={NODE}", f"--advertise-address={NODE}"),
                *(f"--cert-dir={certificates}", f"--token-auth-file={self.folder / 'tokens.csv'}"),
                *("--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction"),
                *(f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}"),
                *("--service-account-issuer=https://kubernetes.default.svc", f"--service-cluster-ip-range={SERVICES}"),
                *("--kubelet-preferred-address-types=InternalIP", "--allow-privileged=true"),
            ],
            "kube-controller-manager": [
                *self._user("system:kube-controller-manager"),
                *(f"--service-account-private-key-file={key}", "--use-service-account-credentials=true"),
                *(f"--root-ca-file={certificates / 'apiserver.crt'}", f"--cluster-cidr={PODS}"),
            ],
            "kube-scheduler": self._user("system:kube-scheduler"),
        }

    def _user(self, user: str) -> list[str]:
        # Port 0: nobody asks them for anything.
        return [f"--kubeconfig={self.kubeconfig(user)}", "--leader-elect=false", "--secure-port=0"]
