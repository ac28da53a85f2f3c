"""A picture changes while another admin changes it too, or while stock is taken: each has its effect, whole."""

import pytest
from local_stack.holding import Point, held, run_until
from PIL import Image
from products_pictures import BLUE, RED, file
from products_racing import Replica
from products_testing import Store, order

Replicas = tuple[Replica, Replica]
ONE, OTHER = (file(Image.new("RGB", (640, 320), colour)) for colour in (RED, BLUE))
MOMENTS = ["nothing stored", "stored", "pointed at"]


def point_of(replica: Replica, moment: str) -> Point:
    return {
        "nothing stored": lambda: Point(replica.pictures._pictures, "insert_many", before=True),
        "stored": lambda: Point(replica.products._products, "update_one", before=True),
        "pointed at": lambda: Point(replica.products._products, "update_one"),
    }[moment]()


async def all_is_there(raced: Store) -> bool:
    """Whether every picture that a product names is stored."""
    stored = {document["_id"] async for document in raced.db.pictures.find()}
    named = [product.picture for product in await raced.all()]
    return all(size.picture in stored for picture in named for size in picture)


@pytest.mark.parametrize("moment", MOMENTS)
async def test_two_pictures_at_once(raced: Store, replicas: Replicas, moment: str) -> None:
    await raced.add("cup", 10)
    first, rival = replicas
    async with held(first.gallery.hang("cup", ONE), point_of(first, moment)) as one:
        assert await all_is_there(raced)
        two = await rival.gallery.hang("cup", OTHER)
        assert await all_is_there(raced)
    last = two if moment == "pointed at" else one.result()
    [cup] = await raced.all()
    assert (cup.picture, cup.version, cup.quantity) == (last.picture, 1, 10)
    assert await all_is_there(raced)
    assert await raced.db.pictures.count_documents({}) == 4


@pytest.mark.parametrize("moment", MOMENTS)
async def test_one_picture_twice_at_once(raced: Store, replicas: Replicas, moment: str) -> None:
    await raced.add("cup", 10)
    first, rival = replicas
    async with held(first.gallery.hang("cup", ONE), point_of(first, moment)) as one:
        two = await rival.gallery.hang("cup", ONE)
    assert one.result().picture == two.picture != ()
    assert await all_is_there(raced)
    assert await raced.db.pictures.count_documents({}) == 2


@pytest.mark.parametrize("moment", MOMENTS)
async def test_stock_changes_while_a_picture_does(raced: Store, replicas: Replicas, moment: str) -> None:
    await raced.add("cup", 10)
    first, rival = replicas
    async with held(first.gallery.hang("cup", ONE), point_of(first, moment)) as one:
        assert await rival.restock("cup", 5) == 15
        assert await rival.ask(order(1, ("cup", 4)), order(2, ("cup", 12))) == ["ACCEPTED", "REJECTED"]
    [cup] = await raced.all()
    assert (cup.quantity, cup.version) == (11, 3)
    assert cup.picture == one.result().picture != ()
    await rival.snapshots.flush()
    assert rival.broker.told == [(3, 11)]


@pytest.mark.parametrize("moment", ["read", "written"])
async def test_a_picture_changes_while_stock_does(raced: Store, replicas: Replicas, moment: str) -> None:
    await raced.add("cup", 10)
    first, rival = replicas
    point = Point(first.products._products, "bulk_write", before=moment == "read")
    async with held(first.ask(order(1, ("cup", 4))), point) as one:
        coming = Point(rival.products._products, "update_one", before=True)
        coming.let_go()
        picture = await run_until(rival.gallery.hang("cup", ONE), coming)
        if moment == "read":
            await picture
    assert one.result() == ["ACCEPTED"]
    assert (await picture).picture != ()
    [cup] = await raced.all()
    assert (cup.quantity, cup.version, cup.picture) == (6, 2, (await picture).picture)
    await first.snapshots.flush()
    assert first.broker.told == [(2, 6)]


async def test_what_stock_does_to_a_product_leaves_its_picture(raced: Store, replicas: Replicas) -> None:
    await raced.add("cup", 10)
    replica, _ = replicas
    picture = (await replica.gallery.hang("cup", ONE)).picture
    assert (await replica.catalogue.restock("cup", 1, None)).picture == picture
    await replica.ask(order(1, ("cup", 4)))
    assert [cup.picture for cup in replica.snapshots._changed.values()] == [picture]
    await replica.due.make_all_due()
    assert [cup.picture for cup in await replica.due.claim(9)] == [picture]
