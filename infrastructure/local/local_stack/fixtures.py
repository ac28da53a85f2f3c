"""Fixtures for every test in the repository: one real database server and one real broker a test run."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local_stack import browser, embedded, kafka, nginx, ports, web
from local_stack.needed import needed
from local_stack.ports import LOOPBACK, free_ports, wait_until_listening
from local_stack.profile import Broker


def pytest_configure(config: pytest.Config) -> None:
    """Tests that run side by side have ports of their own."""
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        ports.take_share(int(worker.removeprefix("gw")), int(os.environ["PYTEST_XDIST_WORKER_COUNT"]))


@contextmanager
def running(command: list[str], port: int, log: Path) -> Iterator[None]:
    """A server that listens on `port` inside, and has ended after."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        wait_until_listening(port, seconds=30, alive=lambda: process.poll() is None)
        yield
    except TimeoutError as error:
        raise RuntimeError(f"{command[0]} does not start:\n{log.read_text()}") from error
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def mongo_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A MongoDB to test against: the one named by MONGODB_URI, or else an embedded server of this test run."""
    if given := os.environ.get("MONGODB_URI"):
        yield given
        return
    folder = tmp_path_factory.mktemp("mongo")
    port = free_ports(1)
    with running(embedded.database_command(port, folder / "data"), port, folder / "log"):
        yield embedded.mongo_uri(port)


@pytest.fixture(scope="session")
def kafka_bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`host:port` of an embedded broker of this test run."""
    port = free_ports(1)
    with running(embedded.broker_command(port), port, tmp_path_factory.mktemp("broker") / "log"):
        yield f"{LOOPBACK}:{port}"


@pytest.fixture(scope="session", params=["embedded", "kafka"])
def broker(request: pytest.FixtureRequest) -> Broker:
    """Has a test run on each broker. Apache Kafka may be left out where the machine can't run it, but not in CI."""
    chosen: Broker = request.param
    if chosen == "kafka":
        needed(kafka.missing())
    return chosen


@pytest.fixture(scope="session")
def real_broker() -> Broker:
    """For what is too long to run twice: Apache Kafka where the machine can run it, and always in CI."""
    return "kafka" if os.environ.get("CI") == "true" or not kafka.missing() else "embedded"


@pytest.fixture(scope="session")
def kafka_there() -> None:
    """For what the embedded broker can't show."""
    needed(kafka.missing())


@pytest.fixture(scope="session")
def node() -> None:
    """For what runs the front end."""
    needed(web.missing())


@pytest.fixture(scope="session")
def nginx_there() -> None:
    """For what runs nginx."""
    needed(nginx.missing())


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is, for what needs a browser."""
    needed(browser.missing())
    return browser.path()
