"""The report of a run, and the bytes of what went wrong."""

from collections import Counter, defaultdict
from pathlib import Path

from tests.fuzz.run import Report


def text(report: Report) -> str:
    """Requests by kind, answers by route, memory, and all that was wrong."""
    judge = report.judge
    total = judge.kinds.total()
    lines = [
        f"seed {report.seed}: {total} requests in {report.seconds:.0f} s, {total / report.seconds:.0f} a second",
        "",
    ]
    lines += [f"  {kind:<12}{count:>8}" for kind, count in judge.kinds.most_common()]
    lines += ["", "  answers by route (0: none, as the connection was closed or the request never ended)"]
    routes: dict[str, Counter[int]] = defaultdict(Counter)
    for (route, status), count in sorted(judge.statuses.items()):
        routes[route][status] = count
    for route, counts in sorted(routes.items()):
        lines.append(f"  {route:<34}" + "  ".join(f"{status}: {count}" for status, count in counts.items()))
    lines += ["", "  memory, MB        middle     end"]
    lines += [f"  {name:<18}{mb:>6.1f}  {report.end[name]:>6.1f}" for name, mb in report.middle.items()]
    if (honest := report.honest) is not None:
        done = f"{honest.orders} orders, {honest.refused} refused for want of stock, {honest.restocks} restocks"
        lines += ["", f"  honest clients: {done}; all orders: {len(judge.effects.books.orders)}"]
    lines += ["", *(f"WRONG, {count} times: {what}" for what, count in Counter(report.wrong).items())]
    lines.append(f"{len(report.wrong)} findings")
    return "\n".join(lines)


def keep(report: Report, folder: Path) -> None:
    """Write the bytes that were sent and what came back, for each finding about an answer."""
    for finding in report.judge.findings[:200]:
        name = f"{finding.case.kind}-{finding.number}"
        (folder / f"{name}.request").write_bytes(finding.case.sent)
        answers = [f"{answer.status} {answer.headers} {answer.body[:2000]!r}" for answer in finding.outcome.answers]
        said = [f"seed {report.seed}, number {finding.number}, to {finding.case.door}: {finding.what}", *answers]
        (folder / f"{name}.txt").write_text("\n".join([*said, repr(finding.outcome.rest)]) + "\n")
