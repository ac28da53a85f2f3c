"""What the deployment is tried on, made once for the whole run."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest
from lab import cluster as clusters
from lab import engine as engines
from lab import standins
from lab.cluster import Cluster
from lab.engine import Engine
from local_stack.needed import needed

IMAGES = ("gateway-ms", "authentication-ms", "products-ms", "orders-ms", "web-shop")
STAND_INS = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def engine(pytestconfig: pytest.Config) -> Iterator[Engine]:
    """A Docker engine that holds an image of every tag that the shop is built on."""
    needed(engines.lacking())
    with engines.running() as engine:
        pytestconfig.stash[STAND_INS] = standins.ensure(engine)
        yield engine
    assert engines.left_behind() == []


@pytest.fixture(scope="session")
def cluster(engine: Engine) -> Iterator[Cluster]:
    """A Kubernetes cluster of one node. `cluster.load(engine, image)` has an image on it."""
    needed(clusters.lacking())
    with clusters.running(engine) as cluster:
        yield cluster
    assert clusters.left_behind() == []


@pytest.fixture(scope="session")
def images(engine: Engine) -> Mapping[str, str]:
    """The five images, by the name of what is in each, built as `make images` does."""
    engine.docker("buildx", "bake", seconds=1800)
    return {
        name: f"{os.environ.get('SHOP_REGISTRY', 'shop')}/{name}:{os.environ.get('SHOP_TAG', 'latest')}"
        for name in IMAGES
    }


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lines := config.stash.get(STAND_INS, []):
        _tell(terminalreporter, "stand-ins", lines)
    left_out = Counter(
        (report.nodeid.split("::")[0], report.longrepr[2].removeprefix("Skipped: "))
        for report in terminalreporter.getreports("skipped")
    )
    if left_out:
        lines = [f"{part}: {tests} left out: {why}" for (part, why), tests in left_out.items()]
        _tell(terminalreporter, "left out", lines)


def _tell(terminalreporter: pytest.TerminalReporter, title: str, lines: list[str]) -> None:
    terminalreporter.section(title)
    terminalreporter.write("".join(f"{line}\n" for line in lines))
