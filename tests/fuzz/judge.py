"""Says of every answer whether the shop may give it."""

import json
from collections import Counter
from dataclasses import dataclass, field

from tests.fuzz.cases import EVENTS, Answer, Case, Outcome
from tests.fuzz.effects import Effects
from tests.fuzz.routes import route_of

INTERNALS = (
    b"Traceback",
    b".py",
    b"site-packages",
    b"pymongo",
    b"mongodb://",
    b"aiohttp",
    b"0x7f",
    b"asyncio",
    b"joserfc",
)
UNPARSED = b"Invalid HTTP request received."
"""What uvicorn answers, as text, to bytes that are no HTTP; only who passes by the gateway sees it."""
QUEUES = {"POST /login", "POST /register", "POST /products/{slug}/restock", "PUT /products/{slug}/picture"}
"""The routes that say 503 on purpose: as many passwords, restocks or pictures as may wait are waiting."""


@dataclass(frozen=True)
class Finding:
    """`number` is the one of the case within its run."""

    number: int
    what: str
    case: Case
    outcome: Outcome


@dataclass
class Judge:
    """`secrets` must be in no answer, save tokens in those that give them."""

    effects: Effects
    secrets: tuple[bytes, ...] = ()
    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def look(self, number: int, case: Case, outcome: Outcome) -> None:
        """Count the case and keep what is wrong about its outcome."""
        route = route_of(case)
        self.kinds[case.kind] += 1
        wrong = [self._answer(route, case, answer) for answer in outcome.answers]
        if not outcome.answers:
            self.statuses[route, 0] += 1
            wrong.append("no answer" if case.whole else None)
        if len(outcome.answers) > case.most:
            wrong.append(f"{len(outcome.answers)} answers")
        if outcome.rest:
            wrong.append(f"no whole answer: {outcome.rest[:80]!r}")
        self.findings += [Finding(number, what, case, outcome) for what in wrong if what]

    def _answer(self, route: str, case: Case, answer: Answer) -> str | None:
        self.statuses[route, answer.status] += 1
        if answer.status == 503:
            if "retry-after" not in answer.headers:
                return "503 without Retry-After"
            return _problem(case, answer) or (None if route in QUEUES else "503 from a shop that has all it needs")
        if answer.status >= 500:
            return f"status {answer.status}"
        if case.allowed is not None and answer.status not in case.allowed:
            return f"status {answer.status}, allowed are {sorted(case.allowed)[:5]}"
        if any(secret in answer.body for secret in self.secrets):
            return "a secret in the answer"
        if answer.status >= 400:
            return _problem(case, answer)
        return _success(case, answer) or self.effects.note(route, case, answer)


def _problem(case: Case, answer: Answer) -> str | None:
    if case.sent.startswith(b"HEAD "):
        return None
    if case.door != "gateway-ms" and answer.status == 400 and answer.body == UNPARSED:
        return None
    if answer.headers.get("content-type") != "application/problem+json":
        return f"status {answer.status} as {answer.headers.get('content-type')}"
    problem = json.loads(answer.body)
    if problem["status"] != answer.status or not isinstance(problem["detail"], str):
        return "no problem of RFC 9457, or another status in it"
    return next((f"{word!r} in a problem" for word in INTERNALS if word in answer.body), None)


def _success(case: Case, answer: Answer) -> str | None:
    if (
        answer.status in (204, 304)
        or case.sent.startswith(b"HEAD ")
        or answer.headers.get("content-type", "").startswith(("text/html", "image/webp"))
    ):
        return None
    if answer.headers.get("content-type", "").startswith(EVENTS):
        return None if answer.body.startswith(b"retry: ") else "a stream that begins in another way"
    try:
        json.loads(answer.body)
    except ValueError:
        return "a success that is no JSON"
    return None
