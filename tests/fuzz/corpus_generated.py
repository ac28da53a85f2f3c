"""Requests made by schemathesis from the committed OpenAPI document, sent as they are or with a value spoilt.

Making one takes milliseconds, so a few for each operation are made once; what is sent is chosen and varied from them.
"""

import json
import urllib.parse
import warnings
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from tests.fuzz.callers import Callers
from tests.fuzz.cases import Case, Header, dumps
from tests.fuzz.nasties import VALUES, leaves, replaced, spoilt

DOCUMENT = Path(__file__).parents[2] / "gateway-ms" / "openapi.json"
ADMINS = {"/api/products", "/api/products/{slug}/restock", "/api/products/{slug}/picture", "/api/categories"}
PASSWORDS = {"/api/login", "/api/register"}
"""Each that is well formed costs the work of a hash."""


@dataclass(frozen=True, slots=True)
class Template:
    """A generated request; `body` is JSON, or the bytes that schemathesis made."""

    verb: str
    route: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: Any


def templates(number: int, each: int) -> dict[str, list[Template]]:
    """Up to `each` valid and `each` invalid requests to every operation, by its label, made from the seed `number`."""
    schema = schemathesis.openapi.from_dict(json.loads(DOCUMENT.read_text()))
    found: dict[str, list[Template]] = {}
    for result in schema.get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            found.setdefault(operation.label, []).extend(_made(operation, mode, number, each))
    return found


def _made(operation: Any, mode: GenerationMode, number: int, each: int) -> list[Template]:
    made: list[Template] = []

    @seed(number)
    @settings(
        max_examples=each,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def collect(case: Any) -> None:
        made.append(_template(operation.path, case.as_transport_kwargs(base_url="")))

    try:
        with warnings.catch_warnings(action="ignore"):
            collect()
    except Unsatisfiable:
        # Nothing about the operation can be wrong: it takes no input.
        pass
    return made


def _template(route: str, said: dict[str, Any]) -> Template:
    query = urllib.parse.urlencode(said.get("params") or {}, doseq=True, errors="replace")
    own = ("user-agent", "accept-encoding", "connection", "accept", "content-length", "x-schemathesis-testcaseid")
    headers = tuple((k, str(v)) for k, v in (said.get("headers") or {}).items() if k.lower() not in own)
    path = urllib.parse.quote(str(said["url"]), safe="/%") + ("?" + query if query else "")
    return Template(said["method"], route, path, headers, said.get("json", said.get("data")))


def _weight(label: str) -> float:
    """Less for what takes no input, and for what is a transaction or a hash: a run is bound by what it costs."""
    if label.endswith(("health", "restock")):
        return 0.3
    return 0.15 if label.split(" ")[1] in PASSWORDS else 1.0


class Generated:
    """Chooses from the templates and varies what it chose."""

    def __init__(self, callers: Callers, made: dict[str, list[Template]]):
        self._callers = callers
        self._made = made
        self._weights = [_weight(label) for label in made]

    def case(self, random: Random, number: int) -> Case:
        label = random.choices(list(self._made), self._weights)[0]
        template = random.choice(self._made[label])
        path, body = self._varied(random, template)
        role = random.choices(["admin" if template.route in ADMINS else "user", "user", ""], [8, 1, 1])[0]
        headers: list[Header] = [(k, v.replace("\r", " ").replace("\n", " ")) for k, v in template.headers]
        headers = [(k, v) for k, v in headers if k.lower() not in ("authorization", "idempotency-key")]
        headers.append(("Idempotency-Key", f"generated-{number}"))
        data = None if body is None else body if isinstance(body, bytes) else dumps(body)
        if data and random.random() < 0.1:
            data = spoilt(random, data)
        return self._callers.call(random, "generated", template.verb, path, data, headers, role)

    def _varied(self, random: Random, template: Template) -> tuple[str, Any]:
        path, body = template.path, template.body
        slug = random.choice(self._callers.slugs)
        if template.route.startswith("/api/products/{slug}") and random.random() < 0.6:
            path = template.route.replace("{slug}", slug)
        if isinstance(body, dict) and random.random() < 0.5:
            spot = random.choice(leaves(body))
            good = {"name": random.choice(self._callers.names), "quantity": 1, "delta": random.randint(-3, 9)}
            last = spot[-1] if spot else ""
            body = replaced(body, spot, good[last] if last in good and random.random() < 0.7 else random.choice(VALUES))
        return path, body
