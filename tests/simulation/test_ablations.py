"""Without any one guarantee the simulation fails, and says by which check; so it tests each of them."""

import re
from collections.abc import Callable

import pytest
from local_stack.layout import ROOT

from tests.simulation.ablations import ABLATIONS, Ablation
from tests.simulation.safety import ViolationError
from tests.simulation.searches import search

DOCUMENT = ROOT / "docs" / "reliability.md"
SEARCHES, EXAMPLES = 8, 250
"""Some short searches: what Hypothesis tries resembles what it tried before, and a long one may stay far off."""


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("ablation", ABLATIONS, ids=lambda ablation: ablation.guarantee)
def test_without(ablation: Ablation, monkeypatch: pytest.MonkeyPatch, noticed: Callable[[str, str], None]) -> None:
    ablation.remove(monkeypatch)
    with pytest.raises(ViolationError) as caught:
        for number in range(SEARCHES):
            search(ablation.machine, EXAMPLES, number)
    assert caught.value.check == ablation.caught_by
    noticed(ablation.guarantee, f"simulation {caught.value.check}")


def test_the_document_has_the_list() -> None:
    told = re.findall(r"^\| ([^|]+) \| ([SL]\d) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    assert told == [(ablation.guarantee, ablation.caught_by.split()[0]) for ablation in ABLATIONS]
