"""A change restarts the services it concerns."""

from pathlib import Path

from local_stack.layout import PACKAGES
from local_stack.watch import sources, touched


def test_a_service_restarts_for_its_own_sources_and_all_for_a_library() -> None:
    watched = sources(Path("/shop"))
    assert touched(["/shop/orders-ms/orders/app.py"], watched) == {"orders-ms"}
    assert touched(["/shop/orders-ms/tests/test_app.py"], watched) == set()
    assert touched(["/shop/libs/shop-kit/shop_kit/mongo.py"], watched) == set(PACKAGES)
