"""What must hold at every moment of a run. Each check yields a sentence for each violation it finds."""

from collections import Counter
from collections.abc import Iterator

from bson import ObjectId

from tests.faults.evidence import Evidence, lines, reason
from tests.faults.history import outcome


def s1(e: Evidence) -> Iterator[str]:
    """stock never below zero at any read"""
    yield from _named("S1", e)
    yield from (f"{p['name']} has {p['quantity']}" for p in e.stored.products.values() if p["quantity"] < 0)


def s2(e: Evidence) -> Iterator[str]:
    """start + restocks - accepted = stock, for every product"""
    expected = Counter(e.start)
    stock = {p["name"]: p["quantity"] for p in e.stored.products.values()}
    for name, requests in e.history.of("add").items():
        if name in stock:
            expected[name] += requests[0].body["product"]["quantity"]
    for row in e.stored.restocks.values():
        expected[row["slug"].replace("-", " ")] += row["delta"]
    for row in e.stored.ledger.values():
        for name, quantity in lines(row) if row["status"] == "ACCEPTED" else []:
            expected[name] -= quantity
    for name in expected.keys() | stock.keys():
        if expected.get(name) != stock.get(name):
            yield f"{name}: {expected.get(name)} expected, {stock.get(name)} in stock"


def s3(e: Evidence) -> Iterator[str]:
    """one decision an order; a second debit would show in S2"""
    for order_id, statuses in e.tap.heard.answered.items():
        if len(statuses) > 1:
            yield f"order {order_id} was answered {sorted(statuses)}"
        row = e.stored.ledger.get(ObjectId(order_id))
        if row is None or {row["status"]} != statuses:
            yield f"order {order_id} was answered {sorted(statuses)}, and the ledger says {row and row['status']}"


def s4(e: Evidence) -> Iterator[str]:
    """no order seen in two final states, none leaves a final state"""
    yield from _named("S4", e)


def s5(e: Evidence) -> Iterator[str]:
    """an order's status, reason and lines are the ledger's"""
    for order_id, order in e.stored.orders.items():
        row = e.stored.ledger.get(order_id)
        if row is None:
            if order["status"] != "PENDING":
                yield f"order {order_id} is {order['status']} and was never decided"
        elif order["status"] != row["status"]:
            yield f"order {order_id} is {order['status']}, and the ledger says {row['status']}"
        elif reason(order) != reason(row):
            yield f"order {order_id} lacks {reason(order)}, and the ledger says {reason(row)}"
        elif lines(order) != lines(row):
            yield f"order {order_id} has other lines than its decision"


def s6(e: Evidence) -> Iterator[str]:
    """what was answered 2xx is there, what was refused is not, and no key made two"""
    yield from _named("S6", e)
    stored = Counter(order["idempotency_key"].rpartition("\n")[2] for order in e.stored.orders.values())
    yield from _kept("order", e, stored)
    yield from _kept("restock", e, Counter(e.stored.restocks.keys()))
    yield from _kept("add", e, Counter(p["name"] for p in e.stored.products.values()))
    for key, requests in e.history.of("order").items():
        ids = {request.answer["id"] for request in requests if request.outcome == "ok"}
        if len(ids) > 1 or any(ObjectId(order_id) not in e.stored.orders for order_id in ids):
            yield f"the order with the key {key} was answered as {sorted(ids)}, of which not each is there"


def s7(e: Evidence) -> Iterator[str]:
    """no decision without an order"""
    yield from (f"nobody placed {order_id}" for order_id in e.stored.ledger.keys() - e.stored.orders.keys())


def s8(e: Evidence) -> Iterator[str]:
    """versions never fall, and whatever is told or copied of a version is what the product was"""
    yield from _named("S8", e)
    for (product_id, version), states in e.tap.heard.told.items():
        was = e.watched.states.get(("stock", ObjectId(product_id), version))
        if len(states) > 1 or (was is not None and states != {was}):
            yield f"version {version} of {product_id} was told as {sorted(states)}, and was {was}"
    for (where, key, version), state in e.watched.states.items():
        was = e.watched.states.get(("stock", key, version))
        if where == "copy" and was is not None and was != state:
            yield f"version {version} of {key} was copied as {state}, and was {was}"


def s9(e: Evidence) -> Iterator[str]:
    """a REJECTED order has a reason in the stock of that moment"""
    known = {(state[0], key[2]): state[1] for key, state in e.watched.states.items() if key[0] == "stock"}
    known |= {(name, key[1]): left for key, told in e.tap.heard.told.items() for name, left in told}
    for order_id, row in e.stored.ledger.items():
        if row["status"] != "REJECTED":
            continue
        reason = row["lacking"]
        wanted = sum(quantity for name, quantity in lines(row) if name == reason["name"])
        if not 0 <= reason["left"] < wanted:
            yield f"order {order_id} wanted {wanted} of {reason['name']}, and {reason['left']} were left"
        before = known.get((reason["name"], reason["version"]))
        after = known.get((reason["name"], reason["version"] + 1))
        if before is not None and reason["left"] > before:
            yield f"order {order_id}: {before} of {reason['name']} were in stock, not {reason['left']}"
        if before is not None and after is not None and reason["left"] < min(before, after):
            yield f"order {order_id}: {reason['name']} never was as low as {reason['left']}"


def s10(e: Evidence) -> Iterator[str]:
    """dead letters are exactly the garbage that was put in"""
    buried = e.tap.heard.buried
    yield from (f"{letter!r} was buried, and is no garbage" for letter in buried - e.mischief.tried)
    for piece, life in e.mischief.put.items():
        if life == e.tap.life and piece not in buried:
            yield f"{piece!r} was put in, and is not with the dead letters"


def _named(name: str, e: Evidence) -> Iterator[str]:
    """What was seen of this check's while the shop ran."""
    yield from (wrong for wrong in e.seen.wrong + e.watched.wrong if wrong.startswith(name + " "))


def _kept(kind: str, e: Evidence, stored: Counter[str]) -> Iterator[str]:
    asked = e.history.of(kind)  # type: ignore[arg-type]
    for key, requests in asked.items():
        known = outcome(requests)
        if stored[key] > 1:
            yield f"the {kind} {key} is there {stored[key]} times"
        if known == "ok" and stored[key] == 0:
            yield f"the {kind} {key} was answered {[r.status for r in requests]} and is not there"
        if known == "refused" and stored[key]:
            yield f"the {kind} {key} was refused with {[r.status for r in requests]} and is there"
    if kind != "add":
        yield from (f"nobody asked for the {kind} {key}" for key in stored.keys() - asked.keys())
