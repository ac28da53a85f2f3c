"""The programs of the cluster's one node: containerd, kubelet, kube-proxy, and what enforces policies."""

import json
from dataclasses import dataclass
from pathlib import Path

from lab.control_groups import CGROUP
from lab.control_plane import NODE_NAME, ControlPlane
from lab.network import BRIDGE, DNS, NODE, PODS, SERVICES

PAUSE = "shop-lab/pause:1"
"""The image that holds a pod's network."""


@dataclass(frozen=True)
class Node:
    """In a folder of its own; `plugins` holds those of CNI, the network of pods."""

    folder: Path
    plugins: Path
    control_plane: ControlPlane

    @property
    def socket(self) -> Path:
        """Where containerd listens."""
        return self.folder / "containerd.sock"

    def prepare(self) -> None:
        """Write the programs' settings."""
        network = self.folder / "network"
        network.mkdir()
        (network / "pods.conflist").write_text(json.dumps(self._network()))
        (self.folder / "containerd.toml").write_text(self._containerd(network))
        (self.folder / "kubelet.json").write_text(json.dumps(self._kubelet()))
        (self.folder / "kube-proxy.json").write_text(json.dumps(self._kube_proxy()))

    def arguments(self) -> dict[str, list[str]]:
        """The arguments of each program, by its name."""
        kubeconfig = self.control_plane.kubeconfig(f"system:node:{NODE_NAME}")
        return {
            "containerd": [f"--config={self.folder / 'containerd.toml'}"],
            "kubelet": [
                *(f"--config={self.folder / 'kubelet.json'}", f"--kubeconfig={kubeconfig}"),
                *(f"--root-dir={self.folder / 'kubelet'}", f"--cert-dir={self.folder / 'certificates'}"),
                *(f"--hostname-override={NODE_NAME}", f"--node-ip={NODE}"),
            ],
            "kube-proxy": [f"--config={self.folder / 'kube-proxy.json'}", f"--hostname-override={NODE_NAME}"],
            "policies": [str(self.control_plane.kubeconfig("policies")), NODE_NAME, SERVICES],
        }

    def _network(self) -> dict[str, object]:
        ranges = {
            "ranges": [[{"subnet": PODS}]],
            "routes": [{"dst": "0.0.0.0/0"}],
            "dataDir": str(self.folder / "leases"),
        }
        bridge = {"type": "bridge", "bridge": BRIDGE, "isGateway": True, "hairpinMode": True}
        plugins = [{**bridge, "ipam": {"type": "host-local", **ranges}}]
        return {"cniVersion": "1.0.0", "name": "shop-lab", "plugins": plugins}

    def _containerd(self, network: Path) -> str:
        # restrict_oom_score_adj: a machine may lack the right to lower it, and no pod would start.
        # netns_mounts_under_state_dir: what a killed run leaves is found in its folder.
        return f"""version = 2
root = "{self.folder / "containerd"}"
state = "{self.folder / "containerd-state"}"
[grpc]
address = "{self.socket}"
[ttrpc]
address = "{self.socket}.ttrpc"
[plugins."io.containerd.grpc.v1.cri"]
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true
sandbox_image = "docker.io/{PAUSE}"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "{self.plugins}"
conf_dir = "{network}"
"""

    def _kubelet(self) -> dict[str, object]:
        return {
            "apiVersion": "kubelet.config.k8s.io/v1beta1",
            "kind": "KubeletConfiguration",
            "address": NODE,
            "healthzBindAddress": NODE,
            # Only this machine and its pods reach it.
            "authentication": {"anonymous": {"enabled": True}, "webhook": {"enabled": False}},
            "authorization": {"mode": "AlwaysAllow"},
            "makeIPTablesUtilChains": False,
            "cgroupRoot": f"/{CGROUP}",
            "cgroupDriver": "cgroupfs",
            "failCgroupV1": False,
            "failSwapOn": False,
            "enforceNodeAllocatable": [],
            "oomScoreAdj": 0,
            "containerRuntimeEndpoint": f"unix://{self.socket}",
            "clusterDNS": [DNS],
            "clusterDomain": "cluster.local",
            "resolvConf": "",
            "podLogsDir": str(self.folder / "pod-logs"),
            "volumePluginDir": str(self.folder / "volume-plugins"),
            # Images come by `Cluster.load` only: one that is thrown out for want of space does not come back.
            "imageGCHighThresholdPercent": 100,
            "evictionHard": {"nodefs.available": "1%", "imagefs.available": "1%"},
        }

    def _kube_proxy(self) -> dict[str, object]:
        return {
            "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
            "kind": "KubeProxyConfiguration",
            "clientConnection": {"kubeconfig": str(self.control_plane.kubeconfig("system:kube-proxy"))},
            "clusterCIDR": PODS,
            # A table of its own, which another cluster's kube-proxy does not touch.
            "mode": "nftables",
            "conntrack": {"maxPerCore": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"},
            "healthzBindAddress": f"{NODE}:10256",
            "metricsBindAddress": f"{NODE}:10249",
        }
