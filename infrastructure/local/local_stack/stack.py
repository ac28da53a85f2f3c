"""The shop as real processes on this machine: what `make up` runs, and what tests start beside it."""

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Self

from local_stack import bundle, embedded, health, kafka, layout, web
from local_stack.ports import LOOPBACK
from local_stack.profile import Broker
from local_stack.supervised import Supervised, socket_path
from local_stack.web import WebShop


class Stack(Supervised):
    """All programs of a shop, each once.

    The shop takes ten ports from `base_port` on, for the programs listed in `layout`. `extra_env` adds variables to
    single services, by name. With `watch`, services restart when their sources change. `web_shop` is served, too: its
    sources, which a browser shows anew when they change, or the bundle behind nginx, as in production. `only` starts
    just the programs it names.
    """

    def __init__(
        self,
        folder: Path,
        base_port: int,
        broker: Broker = "embedded",
        extra_env: Mapping[str, Mapping[str, str]] | None = None,
        watch: bool = False,
        web_shop: WebShop | None = None,
        only: Collection[str] | None = None,
    ) -> None:
        self.ports = layout.ports_from(base_port)
        self.url = f"http://{LOOPBACK}:{self.ports['gateway-ms']}/api"
        self.web_url = f"http://{LOOPBACK}:{self.ports['web-shop']}" if web_shop else None
        self.bootstrap_servers = f"{LOOPBACK}:{self.ports['broker']}"
        self._broker, self._web_shop = broker, web_shop
        socket = socket_path(base_port)
        every = layout.programs(folder.resolve(), base_port, broker, extra_env or {}, socket, watch, web_shop)
        super().__init__(folder.resolve(), socket, [p for p in every if only is None or p.name in only])

    def __enter__(self) -> Self:
        if self._broker == "kafka":
            kafka.fetch()
        if self._web_shop:
            web.fetch()
        if self._web_shop == "bundle":
            bundle.build()
        return super().__enter__()

    def wipe_broker(self) -> None:
        """Have the broker lose every topic, message and offset."""
        self.stop_process("broker")
        shutil.rmtree(kafka.data_folder(self.folder), ignore_errors=True)
        self.start_process("broker")
        health.wait_until_healthy(self.programs["broker"], 60)

    def mongo_uri(self, service: str) -> str:
        """How to reach the database of a service, such as "products-ms"; the database in it is `shop`."""
        return embedded.mongo_uri(self.ports[service.replace("-ms", "-db")])
