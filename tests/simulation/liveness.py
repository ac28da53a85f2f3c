"""What must come true once faults have ended: asked when all that could happen has happened.

L1 every order is decided    L2 the copy is the stock    L3 nothing is overdue or unread    L5 asking again is bounded
"""

from datetime import timedelta

from tests.simulation.store import Database
from tests.simulation.world import BEGINNING, World

L1 = "L1 every order is decided"
L2 = "L2 the copy is the stock"
L3 = "L3 nothing is overdue or unread"
L5 = "L5 asking again is bounded"


def undecided(orders: Database) -> list[object]:
    return [row["_id"] for row in orders.documents("orders") if row["status"] == "PENDING"]


def stale(products: Database, orders: Database) -> list[str]:
    """The products whose copy differs."""
    fields = ("price", "quantity", "version")
    stock = {p["name"]: [p[f] for f in fields] for p in products.documents("products")}
    copy = {p["name"]: [p[f] for f in fields] for p in orders.documents("products")}
    return [name for name in stock if stock[name] != copy.get(name)]


def overdue(world: World, products: Database, orders: Database) -> list[object]:
    """What should have been sent by now, or read; an order that is decided is never due."""
    now = BEGINNING + timedelta(seconds=world.now)
    late: list[object] = [p["name"] for p in products.documents("products") if p["outbox"]["due"] <= now]
    late += [o["_id"] for o in orders.documents("orders") if o["status"] != "PENDING" and "outbox" in o]
    for group in world.broker.groups.values():
        topics = {topic for member in group.members for topic in member.subscribed}
        late += [
            tp
            for tp in world.broker.partitions()
            if tp.topic in topics and group.offsets.get(tp, 0) < len(world.broker.log(tp))
        ]
    return late


def most_questions(age: float, made_due: int) -> int:
    """How often an order of this age may have been asked: at once, and by the shortest delays, 1 to 15 s.

    Each of the `made_due` (the orders were made due because the broker lost its topics, or by a wrong clock) begins the
    delays anew.
    """
    asked, passed, wait = 0, 0.0, 1.0
    while passed <= age:
        asked, passed, wait = asked + 1, passed + wait, min(wait * 2, 15.0)
    return 1 + asked * (1 + made_due)
