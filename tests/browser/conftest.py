"""A shop as in production to look at with a browser: the bundle behind nginx, and everything that it needs."""

from collections.abc import Iterator

import pytest
from local_stack.ports import free_ports
from local_stack.stack import Stack


@pytest.fixture(scope="module")
def web_shop(node: None, nginx_there: None, chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("web"), free_ports(10), web_shop="bundle") as stack:
        yield stack
