"""What passing a request on costs: CPU of the gateway, against nginx and HAProxy doing the same without its checks."""

import asyncio
import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
from local_stack.ports import free_ports, wait_until_listening

from bench.processes import cpu_seconds

REQUESTS, CONNECTIONS = 4000, 16

NGINX = """daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  upstream service {{ server 127.0.0.1:{upstream}; keepalive 32; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
}}
"""
HAPROXY = """global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend entry
  bind 127.0.0.1:{port}
  default_backend service
backend service
  server one 127.0.0.1:{upstream}
"""


async def measure(url: str, gateway_pid: int, service_port: int, service_pid: int) -> dict[str, float | str]:
    """CPU microseconds a GET: the service itself when asked directly, the gateway, nginx and HAProxy in front of it."""
    direct = f"http://127.0.0.1:{service_port}/products/cutlery"
    results: dict[str, float | str] = {
        "service, asked directly, CPU us a request": await _cost(direct, service_pid),
        "gateway CPU us a request": await _cost(f"{url}/products/cutlery", gateway_pid),
    }
    for name, template, command in (
        ("nginx", NGINX, ["-p", "{folder}", "-c", "{file}"]),
        ("haproxy", HAPROXY, ["-f", "{file}"]),
    ):
        label = f"{name} CPU us a request"
        program = shutil.which(name) or shutil.which(name, path="/usr/sbin")
        if program is None:
            results[label] = f"skipped: {name} is not installed"
            continue
        async with _proxy(program, template, command, service_port) as (port, pid):
            results[label] = await _cost(f"http://127.0.0.1:{port}/products/cutlery", pid)
    return results


@contextlib.asynccontextmanager
async def _proxy(program: str, template: str, command: list[str], upstream: int) -> AsyncIterator[tuple[int, int]]:
    with tempfile.TemporaryDirectory() as folder:
        port, file = free_ports(1), Path(folder) / "config"
        file.write_text(template.format(folder=folder, port=port, upstream=upstream))
        arguments = [part.format(folder=folder, file=file) for part in command]
        process = subprocess.Popen([program, *arguments], stderr=subprocess.DEVNULL)
        try:
            await asyncio.to_thread(wait_until_listening, port, 10, lambda: process.poll() is None)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(10)


async def _cost(url: str, pid: int) -> float:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session:
        await _load(session, url, 200)
        before = cpu_seconds(pid)
        await _load(session, url, REQUESTS)
        return (cpu_seconds(pid) - before) / REQUESTS * 1e6


async def _load(session: aiohttp.ClientSession, url: str, requests: int) -> None:
    numbers = iter(range(requests))

    async def client() -> None:
        for _ in numbers:
            async with session.get(url) as answer:
                await answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"{url}: {answer.status}")

    await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
