"""A service that is told to end answers what is on its way, and lets go of each connection after an answer."""

import contextlib
import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from local_stack.ports import LOOPBACK, free_ports, wait_until_listening

CLIENTS = 10


@contextlib.contextmanager
def service(drain: float) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The process of one replica, and its port."""
    port = free_ports(1)
    command = [sys.executable, "-m", "uvicorn", "--factory", "draining_app:create_app", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--app-dir", str(Path(__file__).parent), "--loop", "uvloop", "--timeout-graceful-shutdown", "3"],
        env=os.environ | {"DRAIN_SECONDS": str(drain), "LOG_LEVEL": "WARNING"},
    )
    try:
        wait_until_listening(port, 20, alive=lambda: process.poll() is None)
        yield process, port
    finally:
        process.kill()
        process.wait()


def connect(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(LOOPBACK, port, timeout=10)


def post(connection: http.client.HTTPConnection) -> str | None:
    """What the answer says of its connection."""
    connection.request("POST", "/orders")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b'{"status":"PENDING"}')
    return answer.getheader("Connection")


def test_while_it_drains_each_answer_closes_its_connection() -> None:
    with service(drain=1.5) as (process, port):
        kept, unused = connect(port), connect(port)
        assert [post(kept), post(unused)] == [None, None]
        told = time.monotonic()
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert post(kept) == "close"
        assert kept.sock is None
        assert post(connect(port)) == "close"
        assert unused.sock.recv(1) == b""
        assert 1.4 < time.monotonic() - told < 3
        process.wait(5)
        with pytest.raises(ConnectionRefusedError):
            post(connect(port))


def test_without_a_drain_it_ends_at_once() -> None:
    with service(drain=0) as (process, port):
        kept = connect(port)
        assert post(kept) is None
        process.send_signal(signal.SIGTERM)
        told = time.monotonic()
        assert kept.sock.recv(1) == b""
        process.wait(5)
        assert time.monotonic() - told < 2


def test_a_second_signal_ends_the_drain() -> None:
    with service(drain=60) as (process, _):
        for _ in range(2):
            process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
        process.wait(5)


def lost_requests(drain: float) -> int:
    """How many requests of ten clients got no answer while one of two replicas ended. As in a cluster, new connections
    are led to the other one as soon as the first is told to end."""
    stop = threading.Event()
    with service(drain) as (ending, first), service(drain) as (_, second):
        ports = [first, second]

        def client(number: int) -> int:
            rng, lost, connection = random.Random(number), 0, connect(ports[number % 2])
            while not stop.is_set():
                time.sleep(rng.uniform(0, 0.04))
                try:
                    if post(connection) == "close":
                        connection = connect(rng.choice(ports))
                except (OSError, http.client.HTTPException):
                    lost, connection = lost + 1, connect(rng.choice(ports))
            return lost

        with ThreadPoolExecutor(CLIENTS) as pool:
            clients = [pool.submit(client, number) for number in range(CLIENTS)]
            time.sleep(0.5)
            ports.remove(first)
            time.sleep(0.2)
            ending.send_signal(signal.SIGTERM)
            ending.wait(10)
            stop.set()
            return sum(future.result() for future in clients)


def test_no_request_is_lost_while_one_replica_ends() -> None:
    assert lost_requests(drain=1) == 0


def test_without_the_drain_some_are() -> None:
    assert lost_requests(drain=0) > 0
