"""The table of rules is honest: its names exist, each rule is removed in a run, and the document says the same."""

import importlib
import re
from functools import reduce

import pytest

from tests.model import runs
from tests.model.rules import RULES, Rule
from tests.model.table import ROOT, markdown


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_code_and_the_test_of_a_rule_exist(rule: Rule) -> None:
    module, name = rule.kept_by.split(":")
    assert callable(reduce(getattr, name.split("."), importlib.import_module(module)))
    path, test = rule.shown_by.split("::")
    assert re.search(rf"^(async )?def {test}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE)


def test_every_rule_is_removed_and_the_model_uses_every_rule() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
    assert {run.rule for run in runs.ABLATIONS} == set(names)
    source = "".join(path.read_text("utf-8") for path in (ROOT / "tests/model").glob("*.py"))
    assert set(re.findall(r'keeps\("([^"]+)"\)', source)) == set(names)


def test_the_document_has_the_table() -> None:
    document = (ROOT / "docs/reliability.md").read_text("utf-8")
    [table] = re.findall(r"<!-- rules -->\n(.*)\n<!-- /rules -->", document, re.DOTALL)
    assert table == markdown(), "`python -m tests.model rules` prints it"
