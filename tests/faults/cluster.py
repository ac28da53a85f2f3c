"""The shop with two replicas of what may have them, and a link that can fail between any two of its processes."""

import asyncio
import contextlib
import itertools
import shutil
import struct
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

from local_stack import embedded, kafka, layout
from local_stack.ports import LOOPBACK, free_ports
from local_stack.profile import Broker, service_environment
from local_stack.program import Program
from local_stack.supervised import Supervised, socket_path

from tests.faults.links import Link

REPLICAS = {
    "authentication-ms": ["authentication-ms"],
    "products-ms": ["products-ms", "products-ms-2"],
    "orders-ms": ["orders-ms", "orders-ms-2"],
    "gateway-ms": ["gateway-ms", "gateway-ms-2"],
}
DATABASES = ("authentication-db", "products-db", "orders-db")
PORTS = 60


class Cluster(Supervised):
    """All programs, and `links` by (process, what it calls). `extra_env` adds variables to every service.

    On Apache Kafka each service has a listener of its own, so that its link can fail alone; the embedded broker has one
    listener, so there all services share one link.
    """

    def __init__(self, folder: Path, broker: Broker, extra_env: Mapping[str, str] | None = None, durable: bool = True):
        first = free_ports(PORTS)
        self._next: Iterator[int] = itertools.count(first)
        self.broker: Broker = broker
        self.ports = {name: next(self._next) for name in (*DATABASES, "broker", "broker-controller")}
        self.ports |= {name: next(self._next) for replicas in REPLICAS.values() for name in replicas}
        self.links: dict[tuple[str, str], Link] = {}
        self.bootstrap_servers = f"{LOOPBACK}:{self.ports['broker']}"
        self._clocks = {name: folder / f"{name}.clock" for name in self.services}
        self._extra = dict(extra_env or {})
        self._durable = durable
        folder.mkdir(parents=True, exist_ok=True)
        for clock in self._clocks.values():
            clock.write_bytes(struct.pack("d", 0))
        self._make_links()
        super().__init__(folder, socket_path(first), self._programs(folder))

    @property
    def services(self) -> list[str]:
        return [name for replicas in REPLICAS.values() for name in replicas]

    @property
    def gateways(self) -> list[str]:
        """Where clients find the gateways."""
        return [f"http://{LOOPBACK}:{self.links['client', name].port}/api" for name in REPLICAS["gateway-ms"]]

    def mongo_uri(self, service: str) -> str:
        """The direct way to a service's database, past every link."""
        return embedded.mongo_uri(self.ports[service.replace("-ms", "-db")])

    def set_clock(self, service: str, seconds: float) -> None:
        """Have the service's time of day be off by so much."""
        with self._clocks[service].open("r+b") as file:
            file.write(struct.pack("d", seconds))

    def wipe_broker(self) -> None:
        """Have the broker lose every topic, message and offset."""
        self.stop_process("broker")
        shutil.rmtree(kafka.data_folder(self.folder), ignore_errors=True)
        self.start_process("broker")

    def _link(self, source: str, target: str, ports: list[int]) -> None:
        self.links[source, target] = Link(source, target, next(self._next), ports)

    def _make_links(self) -> None:
        for gateway in REPLICAS["gateway-ms"]:
            self._link("client", gateway, [self.ports[gateway]])
            for target in ("authentication-ms", "products-ms", "orders-ms"):
                self._link(gateway, target, [self.ports[name] for name in REPLICAS[target]])
        for service, database in zip(("authentication-ms", "products-ms", "orders-ms"), DATABASES, strict=True):
            for name in REPLICAS[service]:
                self._link(name, database, [self.ports[database]])
                if service != "authentication-ms":
                    self._link(name, "authentication-ms", [self.ports["authentication-ms"]])
        if self.broker == "embedded":
            self._link("services", "broker", [self.ports["broker"]])
        else:
            for name in REPLICAS["products-ms"] + REPLICAS["orders-ms"]:
                self.ports[f"broker for {name}"] = next(self._next)
                self._link(name, "broker", [self.ports[f"broker for {name}"]])

    def _programs(self, folder: Path) -> list[Program]:
        programs = [
            Program(name, "databases", self._database_command(name, folder), self.ports[name]) for name in DATABASES
        ]
        programs.append(self._broker_program(folder))
        for service, replicas in REPLICAS.items():
            for name in replicas:
                environment = self._environment(service, name, folder)
                programs.append(layout.service(name, layout.PACKAGES[service], self.ports[name], environment))
        return programs

    def _database_command(self, name: str, folder: Path) -> list[str]:
        return embedded.database_command(self.ports[name], folder / "data" / name, durable=self._durable)

    def _broker_program(self, folder: Path) -> Program:
        port = self.ports["broker"]
        if self.broker == "embedded":
            return Program(
                "broker", "broker", embedded.broker_command(port, self.links["services", "broker"].port), port
            )
        kafka.fetch()
        doors = {
            name.replace("-", "").upper(): (self.ports[f"broker for {name}"], link.port)
            for (name, target), link in self.links.items()
            if target == "broker"
        }
        return kafka.program(folder, port, self.ports["broker-controller"], doors)

    def _environment(self, service: str, name: str, folder: Path) -> dict[str, str]:
        """As in development, but every dependency is reached through this process's own link to it."""
        seen = {target: link.port for (source, target), link in self.links.items() if source == name}
        if ("services", "broker") in self.links:
            seen["broker"] = self.links["services", "broker"].port
        ports = self.ports | seen
        return service_environment(service, ports, self.broker, folder) | {
            "INSTANCE": name,
            "PYTHONPATH": str(Path(__file__).parent / "injected"),
            "SHOP_CLOCK": str(self._clocks[name]),
            **self._extra,
        }


@contextlib.asynccontextmanager
async def running(cluster: Cluster) -> AsyncIterator[Cluster]:
    """Inside, the cluster is healthy; after, gone."""
    for link in cluster.links.values():
        await link.start()
    try:
        await asyncio.to_thread(cluster.__enter__)
        try:
            yield cluster
        finally:
            await asyncio.to_thread(cluster.stop)
    finally:
        for link in cluster.links.values():
            await link.stop()
