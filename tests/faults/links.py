"""A network that can fail: a TCP proxy between two processes of the shop."""

import asyncio
import contextlib
from collections.abc import Sequence

from local_stack.ports import LOOPBACK

CHUNK = 65536


class Link:
    """Connections from `source` to `target`, made at `port` and handed to one of `ports` in turn.

    `delay` holds everything up by so many seconds. While `deaf` nothing sent arrives, while `mute` nothing answered
    does; the connection looks open all the same. Mending breaks the connections that lost something.
    """

    def __init__(self, source: str, target: str, port: int, ports: Sequence[int]):
        self.source, self.target, self.port = source, target, port
        self.delay = 0.0
        self._deaf = self._mute = self._closed = False
        self._ports = list(ports)
        self._open: set[asyncio.StreamWriter] = set()
        self._lossy: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, LOOPBACK, self.port)

    async def stop(self) -> None:
        if self._server:
            self._server.close()
        self._break(self._open)

    def cut(self) -> None:
        """Break every connection, and each new one at once, until mended."""
        self._closed = True
        self._break(self._open)

    def lose(self, deaf: bool, mute: bool) -> None:
        """Lose what is sent, what is answered, or both, until mended."""
        self._deaf, self._mute = deaf, mute

    def mend(self) -> None:
        """Let everything pass again."""
        self._deaf = self._mute = self._closed = False
        self.delay = 0.0
        self._break(self._lossy)

    def _break(self, connections: set[asyncio.StreamWriter]) -> None:
        for writer in list(connections):
            writer.transport.abort()
        connections.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._closed or (other := await self._connect()) is None:
            writer.transport.abort()
            return
        there, back = other
        self._open |= {writer, back}
        pumps = [self._pump(reader, back, writer, True), self._pump(there, writer, writer, False)]
        ways = [asyncio.create_task(pump) for pump in pumps]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            for end in (writer, back):
                end.close()
                self._open.discard(end)
                self._lossy.discard(end)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in self._ports:
            self._ports.append(self._ports.pop(0))
            with contextlib.suppress(OSError):
                return await asyncio.open_connection(LOOPBACK, self._ports[-1])
        return None

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, client: asyncio.StreamWriter, sent: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                if self.delay:
                    await asyncio.sleep(self.delay)
                if self._deaf if sent else self._mute:
                    self._lossy.add(client)
                elif client not in self._lossy:
                    writer.write(data)
                    await writer.drain()
