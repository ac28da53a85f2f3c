"""What docs/operations says about a cluster is done as it stands there, while people shop."""

import asyncio
from pathlib import Path

from tests.deploy.cluster.installed import Installed
from tests.deploy.cluster.shoppers import Shoppers
from tests.deploy.cluster.test_cluster_update import all_is_well
from tests.deploy.pages import follow


async def test_the_key_of_tokens_changes_and_nobody_notices(
    shop: Installed, shoppers: Shoppers, tmp_path: Path
) -> None:
    async with shoppers.shopping():
        await asyncio.sleep(2)
        await asyncio.to_thread(follow, "rotate.md", ">former", shop.cluster.env, tmp_path)
        await asyncio.to_thread(shop.settle)
        # Who signs in now has a token of the new key.
        async with Shoppers.arrived(shop) as others:
            await asyncio.sleep(2)
    assert shoppers.failures == others.failures == []
    await all_is_well(shoppers)
    await all_is_well(others)
    # As long as nobody has to be kept signed in: the former key goes, and the next one is published.
    await asyncio.to_thread(follow, "rotate.md", "-out next", shop.cluster.env, tmp_path)
    await asyncio.to_thread(shop.settle)
    assert {len(one["data"]) for one in shop.found("secrets") if one["metadata"]["name"] == "jwt-key"} == {2}


async def test_products_db_is_mended_before_products_ms_starts(
    shop: Installed, shoppers: Shoppers, tmp_path: Path
) -> None:
    await all_is_well(shoppers)
    shop.kubectl("scale", "deployment/products-ms", "--replicas=0")
    said = await asyncio.to_thread(follow, "restore.md", 'name: "recover"', shop.cluster.env, tmp_path)
    assert "0 decisions entered" in said
    shop.kubectl("scale", "deployment/products-ms", "--replicas=2")
    await asyncio.to_thread(shop.settle)
    assert shop.found("jobs") == []
    said = shop.kubectl("exec", "deployment/orders-ms", "--", "python", "-m", "orders.cli", "recover")
    assert said == "0 orders taken from the topics\n"
    assert shop.kubectl("exec", "deployment/orders-ms", "--", "python", "-m", "shop_kit.dead_letters") == ""
    await all_is_well(shoppers)
