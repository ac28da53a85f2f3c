"""Each file in frontend/e2e, on one shop. They share it, so each has customers and products of its own."""

import os
import subprocess

import pytest
from local_stack import web
from local_stack.stack import Stack

pytestmark = pytest.mark.xdist_group("bundle")
SPECS = sorted(path.name for path in (web.FOLDER / "e2e").glob("*.spec.ts"))


@pytest.mark.parametrize("spec", SPECS)
def test_in_a_browser(spec: str, web_shop: Stack, chromium: str) -> None:
    assert web_shop.web_url
    web_shop.wait_healthy(60)
    done = subprocess.run(
        ["node", "node_modules/@playwright/test/cli.js", "test", f"/{spec}"],
        cwd=web.FOLDER,
        env=os.environ
        | {
            "CHROMIUM": chromium,
            "SHOP_URL": web_shop.web_url,
            "SHOP_API": web_shop.url,
            "SHOP_FOLDER": str(web_shop.folder),
            # What a spec leaves behind when it fails must not be cleared away by the next.
            "PLAYWRIGHT_OUTPUT": spec,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
