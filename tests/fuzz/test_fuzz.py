"""A short run of `make fuzz`, the same each time: every route, every kind of bad request, and all that must hold."""

from pathlib import Path

from tests.fuzz.report import keep, text
from tests.fuzz.run import fuzz

SEED, REQUESTS, EACH = 7, 6_000, 8


async def test_bad_requests_break_nothing(tmp_path: Path) -> None:
    report = await fuzz(tmp_path, SEED, REQUESTS, EACH, "embedded")
    keep(report, tmp_path)
    assert report.wrong == [], text(report)
    assert report.judge.kinds.total() >= REQUESTS
