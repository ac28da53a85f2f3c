"""What must come true after a run, and what operators must see. Each check yields a sentence for each violation."""

from collections.abc import Iterator

from tests.faults.cluster import DATABASES, REPLICAS
from tests.faults.evidence import Evidence
from tests.faults.nemesis import Fault

LONG = 5.0
"""Seconds after which a database that is gone is noticed: it is asked every half second, and waited for 2 s."""
AVERAGE = 4
"""Questions an order: about twice as many as long runs need, in which something is broken all the time."""


def l1(e: Evidence) -> Iterator[str]:
    """every order decided within 30 s of healing"""
    if e.quiet.decided is None or e.quiet.decided > 30:
        yield f"decided after {e.quiet.decided} s; open: {e.quiet.open[:5]}"


def l2(e: Evidence) -> Iterator[str]:
    """the copy equals the stock"""
    shown = [
        {key: (p["name"], p["price"].to_decimal(), p["quantity"], p["version"]) for key, p in products.items()}
        for products in (e.stored.products, e.stored.copy)
    ]
    for key in shown[0].keys() | shown[1].keys():
        if shown[0].get(key) != shown[1].get(key):
            yield f"{shown[0].get(key)} is copied as {shown[1].get(key)}"


def l3(e: Evidence) -> Iterator[str]:
    """nothing overdue, consumer lag 0"""
    yield from (f"overdue: {what}" for what in e.quiet.overdue)
    yield from (f"{where} is {count} behind" for where, count in e.quiet.lag.items() if count)


def l4(e: Evidence) -> Iterator[str]:
    """no open transaction"""
    yield from (f"{what} is held by a transaction" for what in e.quiet.held)


def l5(e: Evidence) -> Iterator[str]:
    """re-asking stayed bounded"""
    if questions_an_order(e) > AVERAGE:
        yield f"{questions_an_order(e):.2f} questions an order, more than {AVERAGE}"
    most = most_questions(e)
    for order_id, count in e.tap.heard.asked.items():
        if count > most:
            yield f"order {order_id} was asked {count} times, more than {most}"


def o1(e: Evidence) -> Iterator[str]:
    """readiness goes false while a database is gone or out of reach, and all are ready in the end"""
    cuts = [fault.began for fault in e.story.faults if fault.kind == "power cut"]
    for fault in e.story.faults:
        if fault.ended - fault.began < LONG or any(fault.began <= cut <= fault.ended for cut in cuts):
            continue
        for name in _without_database(fault):
            if not any(fault.began < t < fault.ended + 1 for t in e.readiness.unready.get(name, [])):
                yield f"{name} stayed ready for {fault.ended - fault.began:.1f} s of {fault.kind}: {fault.target}"
    yield from (f"{name} is not ready in the end" for name, ready in e.readiness.ready.items() if not ready)


def o2(e: Evidence) -> Iterator[str]:
    """no service logs a stack trace, or more than a line of trouble a second"""
    yield from e.storms


def _without_database(fault: Fault) -> list[str]:
    """The services that can't reach their database while the fault lasts."""
    if fault.kind in ("down", "freeze") and fault.target in DATABASES:
        return REPLICAS[fault.target.replace("-db", "-ms")]
    source, _, target = fault.target.partition(" -> ")
    return [source] if fault.kind in ("cut", "half-open") and target in DATABASES else []


def questions_an_order(e: Evidence) -> float:
    """On average."""
    return sum(e.tap.heard.asked.values()) / max(1, len(e.tap.heard.asked))


def most_questions(e: Evidence) -> int:
    """How often an order may be asked for: at once, then after 2 s and a delay that doubles to 30 s, less up to half by
    chance; and whenever the broker lost its topics or a clock jumped, by each of the two replicas."""
    losses = sum(fault.kind in ("wipe", "clock", "power cut") or fault.target == "broker" for fault in e.story.faults)
    return 6 + int(e.seconds / 15) + 4 * losses
