"""The development data: what `make up` shows, so that the shop looks like one. Never added in production."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from importlib.resources import files

from bson import ObjectId
from shop_kit import outbox
from shop_kit.mongo import Mongo
from shop_kit.names import name_key, slug_of

from products.domain.pictures import WIDTHS, Picture, picture_in
from products.repositories.pictures import Pictures
from products.repositories.products import picture_field


async def add_start_data(mongo: Mongo) -> None:
    """Fill an empty database from start_data.json; one that has products is left as it is.

    The products come last: a crash before them leaves the database without any, and the next start begins again.
    """
    if await mongo.db.products.find_one({}) is not None:
        return
    data = json.loads(files("products").joinpath("start_data.json").read_text("utf-8"), parse_float=Decimal)
    ids = {name: ObjectId(key) for key, name in data["categories"].items()}
    for name, key in ids.items():
        await mongo.db.categories.update_one(
            {"_id": key}, {"$set": {"name": name, "name_key": name_key(name)}}, upsert=True
        )
    for key, status in data["decided_orders"].items():
        await mongo.db.orders.update_one({"_id": ObjectId(key)}, {"$set": {"status": status}}, upsert=True)
    pictures = {p["id"]: _pictures(slug_of(p["name"], "product")) for p in data["products"]}
    await Pictures(mongo).add(picture for found in pictures.values() for picture in found)
    now = datetime.now(UTC)
    await mongo.db.products.insert_many(
        [
            {
                "_id": ObjectId(p["id"]),
                "name": p["name"],
                "name_key": name_key(p["name"]),
                "slug": slug_of(p["name"], "product"),
                "description": p["description"],
                "price": Decimal(p["price"]),
                "quantity": p["quantity"],
                "categories": [ids[c] for c in p["categories"]],
                "version": 1,
                "created_at": now,
                "outbox": outbox.entry(0),
                **({"picture": picture_field([x.size for x in pictures[p["id"]]])} if pictures[p["id"]] else {}),
            }
            for p in data["products"]
        ]
    )


def _pictures(slug: str) -> list[Picture]:
    """Those in the folder `pictures`, which are of the sizes that an upload would get."""
    named = [files("products").joinpath("pictures", f"{slug}-{width}.webp") for width in WIDTHS]
    return [picture_in(file.read_bytes()) for file in named if file.is_file()]
