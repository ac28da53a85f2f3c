"""How much JavaScript the bundle makes a visitor wait for."""

from collections.abc import Iterator

import pytest
from local_stack import bundle, web

pytestmark = pytest.mark.xdist_group("bundle")


@pytest.fixture(scope="module")
def built(node: None) -> Iterator[None]:
    web.fetch()
    bundle.build()
    yield


@pytest.mark.parametrize("page", ["HomePage", "ProductsPage", "ProductPage"])
def test_a_first_page_needs_little(built: None, page: str) -> None:
    assert bundle.first_load(page) <= bundle.MOST_FIRST_LOAD
