"""The table of docs/reliability.md: each rule, the code that keeps it, the test of that code, what fails without it."""

import importlib
import inspect
from pathlib import Path

from tests.model import checks
from tests.model.rules import RULES
from tests.model.runs import ABLATIONS

ROOT = Path(__file__).parents[2]


def markdown() -> str:
    """What is checked, then the rules."""
    named = sorted({check.__doc__ or "" for check in (*checks.STATES, *checks.STEPS, *checks.ENDS)}, key=order)
    lines = [f"- **{short}** {says.split('.')[0].strip()}." for short, says in (doc.split(":", 1) for doc in named)]
    lines += ["", "| Rule | Kept by | Shown by | Without it |", "|---|---|---|---|"]
    for rule in RULES:
        module, name = rule.kept_by.split(":")
        path, test = rule.shown_by.split("::")
        verdicts = ", ".join(run.verdict for run in ABLATIONS if run.rule == rule.name)
        code = Path(inspect.getfile(importlib.import_module(module))).relative_to(ROOT)
        cells = f"{rule.says}.", f"[`{code}`](../{code}) (`{name}`)", f"[`{test}`](../{path})", verdicts
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def order(says: str) -> tuple[bool, str]:
    """S before L."""
    return says.startswith("L"), says
