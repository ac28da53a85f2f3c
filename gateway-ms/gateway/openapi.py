"""One OpenAPI document of the whole public API, made from the services' own.

`python -m gateway.openapi` prints it, read from the services that the environment names; `gateway-ms/openapi.json`
is such a print.
"""

import asyncio
import json
import sys
import time
from typing import Any

from shop_kit.settings import load

from gateway.merging import merge
from gateway.routes import TABLE
from gateway.settings import GatewaySettings
from gateway.upstreams import Upstreams

KEPT_SECONDS = 60.0
"""How long the document is served before it is made anew."""


class Document:
    """The merged document, read from the services when it is first asked for."""

    def __init__(self, upstreams: Upstreams):
        self._upstreams = upstreams
        self._content: dict[str, Any] = {}
        self._made_at = float("-inf")

    async def read(self) -> dict[str, Any]:
        """The document; raises UnavailableError while a service is down."""
        if time.monotonic() - self._made_at > KEPT_SECONDS:
            names = self._upstreams.names
            parts = await asyncio.gather(*(self._upstreams.ask(name, "/openapi.json") for name in names))
            self._content = merge(dict(zip(names, parts, strict=True)), TABLE)
            self._made_at = time.monotonic()
        return self._content


async def _print() -> None:
    async with Upstreams(load(GatewaySettings)) as upstreams:
        content = await Document(upstreams).read()
    sys.stdout.write(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    asyncio.run(_print())
