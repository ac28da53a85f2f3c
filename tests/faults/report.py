"""What a run showed, in words, and as a line of the table that long runs add up to."""

from datetime import date

from local_stack.profile import Broker

from tests.faults.checks import CHECKS, violations
from tests.faults.evidence import Evidence
from tests.faults.liveness import AVERAGE, most_questions, questions_an_order

SHOWN = 5


def text(e: Evidence, seed: int) -> str:
    """The report: faults, requests, how it came to rest, and every check with what it found."""
    orders = [request for request in e.history.requests if request.kind == "order"]
    outcomes = {name: sum(r.outcome == name for r in orders) for name in ("ok", "refused", "unknown")}
    statuses = {name: sum(o["status"] == name for o in e.stored.orders.values()) for name in ("ACCEPTED", "REJECTED")}
    found = violations(e)
    lines = [
        f"seed {seed}, {e.seconds:.0f} s",
        f"faults    {_counts(e.story.kinds())}",
        f"kills     {sum(e.story.kills.values())}: {_counts(e.story.kills)}",
        f"requests  {len(e.history.requests)}, of which {len(orders)} orders: {_counts(outcomes)}",
        f"stored    {len(e.stored.orders)} orders: {_counts(statuses)}",
        f"rest      healthy {_seconds(e.quiet.healthy)} after the last fault; from then on, every order was decided "
        f"within {_seconds(e.quiet.decided)} and every product copied within {_seconds(e.quiet.copied)}",
        f"slowest   {_slowest(e)}",
        f"asked     {questions_an_order(e):.2f} times an order (bound {AVERAGE}); at most "
        f"{max(e.tap.heard.asked.values(), default=0)} for one (bound {most_questions(e)})",
        "",
    ]
    for name, check in CHECKS.items():
        lines.append(f"{'VIOLATED' if found[name] else 'holds':8}  {name:4} {check.__doc__}")
        lines += [f"                 {sentence}" for sentence in found[name][:SHOWN]]
        if len(found[name]) > SHOWN:
            lines.append(f"                 and {len(found[name]) - SHOWN} more")
    return "\n".join(lines)


def row(e: Evidence, seed: int, broker: Broker, today: date) -> str:
    """The run as a line of Markdown: date, broker, seed, seconds, kills, other faults, orders, violations."""
    violated = [name for name, found in violations(e).items() if found]
    others = sum(count for kind, count in e.story.kinds().items() if kind not in ("kill", "power cut"))
    kills = sum(e.story.kills.values())
    cells = [today, broker, seed, f"{e.seconds:.0f}", kills, others, len(e.stored.orders), " ".join(violated) or "none"]
    return "| " + " | ".join(map(str, cells)) + " |\n"


def _slowest(e: Evidence) -> str:
    """Which services were not ready for longest after the last fault, and what they said."""
    late = {name: times[-1] - e.quiet.mended for name, times in e.readiness.unready.items()}
    slowest = sorted((seconds, name) for name, seconds in late.items() if seconds > 0)[-3:]
    return "; ".join(f"{name} {_seconds(seconds)} ({e.readiness.why[name][:100]})" for seconds, name in slowest)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value:.1f} s"
