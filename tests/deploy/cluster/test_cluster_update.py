"""Every service is replaced while people shop: none of their requests fails, and no order is lost."""

import asyncio

from tests.deploy.chart import PARTS
from tests.deploy.cluster.conftest import NEXT
from tests.deploy.cluster.installed import Installed
from tests.deploy.cluster.shoppers import SHELF, Shoppers


async def test_an_update_and_its_rollback_fail_no_request(shop: Installed, shoppers: Shoppers) -> None:
    async with shoppers.shopping():
        await asyncio.sleep(3)
        began = {part: set(shop.pods(part)) for part in PARTS}
        await asyncio.to_thread(shop.upgrade, f"image.tag={NEXT}")
        await asyncio.to_thread(shop.settle)
        updated = {part: set(shop.pods(part)) for part in PARTS}
        await asyncio.to_thread(shop.helm, "rollback", "shop", "--wait", "--timeout", "8m")
        await asyncio.to_thread(shop.settle)
        await asyncio.sleep(3)
    rolled_back = {part: set(shop.pods(part)) for part in PARTS}
    for part in PARTS:
        assert began[part].isdisjoint(updated[part])
        assert updated[part].isdisjoint(rolled_back[part])
    assert shoppers.failures == []
    await all_is_well(shoppers)


async def test_killed_pods_come_back_and_lose_no_order(shop: Installed, shoppers: Shoppers) -> None:
    async with shoppers.shopping():
        for part in PARTS:
            victim = shop.pods(part)[0]
            await asyncio.to_thread(shop.kubectl, "delete", "pod", victim, "--grace-period=0", "--force")
            await asyncio.sleep(2)
        await asyncio.to_thread(shop.settle)
    # What was on its way through a pod that is killed may fail; what was answered may not be forgotten.
    await all_is_well(shoppers)


async def all_is_well(shoppers: Shoppers) -> None:
    """Every order that was answered 201 is accepted, and was taken from the shelf once."""
    statuses = await shoppers.statuses()
    assert set(statuses.values()) == {"ACCEPTED"}
    # An order whose answer did not arrive may have been placed all the same.
    unanswered = set(await shoppers.orders()) - set(statuses)
    assert len(unanswered) <= len(shoppers.failures), f"{unanswered} beside {shoppers.failures}"
    assert SHELF - await shoppers.left() == len(statuses) + len(unanswered)
