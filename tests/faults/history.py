"""What was asked of the shop and what it answered: every request with its start, its end and its outcome."""

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

Kind = Literal["order", "restock", "add", "look"]
Outcome = Literal["ok", "refused", "unknown"]


@dataclass(slots=True)
class Request:
    """One request. `key` is its idempotency key, which its repetitions share; a new product's is its name.

    Its outcome is unknown until an answer says ok (2xx) or refused (4xx): the connection may break, and behind a 5xx
    the work may have been done. `began` and `ended` are monotonic seconds.
    """

    kind: Kind
    who: str
    key: str
    body: dict[str, Any]
    began: float
    ended: float = 0.0
    outcome: Outcome = "unknown"
    status: int = 0
    answer: Any = None


@dataclass
class History:
    """All requests of a run, and what lookers saw wrong while it ran."""

    requests: list[Request] = field(default_factory=list)

    def begin(self, kind: Kind, who: str, key: str, body: dict[str, Any]) -> Request:
        request = Request(kind, who, key, body, time.monotonic())
        self.requests.append(request)
        return request

    def of(self, kind: Kind) -> dict[str, list[Request]]:
        """The requests of a kind by key, each with its repetitions."""
        found: dict[str, list[Request]] = {}
        for request in self.requests:
            if request.kind == kind:
                found.setdefault(request.key, []).append(request)
        return found

    def write(self, path: Path) -> None:
        """One line of JSON a request."""
        path.write_text("".join(json.dumps(asdict(request)) + "\n" for request in self.requests))


def outcome(repetitions: list[Request]) -> Outcome:
    """What is known of a request after all its repetitions: one that was answered ok happened, whatever the others
    say; refused, only if no repetition may have happened."""
    outcomes = {request.outcome for request in repetitions}
    if "ok" in outcomes:
        return "ok"
    return "unknown" if "unknown" in outcomes else "refused"
