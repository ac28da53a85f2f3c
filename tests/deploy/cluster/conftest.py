"""One installation for all tests of this folder: each leaves it as it found it, two replicas of everything."""

from collections.abc import AsyncIterator, Mapping

import pytest
from lab import helm
from lab.cluster import Cluster
from lab.engine import Engine
from local_stack.needed import needed

from tests.deploy.cluster.installed import Installed, install
from tests.deploy.cluster.shoppers import Shoppers

NEXT = "next"
"""A tag of the same images, for updates."""


@pytest.fixture(scope="session")
def shop(engine: Engine, cluster: Cluster, images: Mapping[str, str]) -> Installed:
    """The shop, installed with Helm on the cluster."""
    needed(helm.lacking())
    tagged = {image: f"{image.rpartition(':')[0]}:{NEXT}" for image in images.values()}
    for image, tag in tagged.items():
        engine.docker("tag", image, tag)
    cluster.load(engine, *tagged, *tagged.values(), "mongo:8.0.16", "apache/kafka:4.4.0")
    engine.docker("image", "rm", *tagged.values())
    return install(cluster)


@pytest.fixture
async def shoppers(shop: Installed) -> AsyncIterator[Shoppers]:
    """People who can order from a shelf that is full."""
    async with Shoppers.arrived(shop) as people:
        yield people
