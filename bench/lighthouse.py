"""`make lighthouse`: what Lighthouse says of the web shop as in production, on a shop of its own.

Lighthouse measures what someone with a middling phone on a slow network would see. Each figure is the median of three
runs. The exit code is 1 if one is not what we promise.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from local_stack import browser, bundle, web
from local_stack.ports import free_ports
from local_stack.stack import Stack

PAGES = {"/": "HomePage", "/products": "ProductsPage", "/products/chair": "ProductPage"}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
AUDITS = {
    "largest-contentful-paint": "painted s",
    "total-blocking-time": "blocked s",
    "cumulative-layout-shift": "shifted",
}
RUNS = 3
LEAST_SCORE = 95
CHROMIUM_FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"

Json = dict[str, Any]


def main() -> int:
    """Measure each page, print a table, and what Lighthouse minds. The exit code."""
    print("".join(f"{title:>16}" for title in ("page", *CATEGORIES, *AUDITS.values(), "JavaScript kB")), flush=True)
    kept, minded = True, set[str]()
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder), free_ports(10), web_shop="bundle") as stack:
        for path, page in PAGES.items():
            reports = [_report(f"{stack.web_url}{path}") for _ in range(RUNS)]
            scores = [_median(_score(report, category) for report in reports) for category in CATEGORIES]
            values = [_median(_value(report, audit) for report in reports) for audit in AUDITS]
            loaded = bundle.first_load(page)
            figures = (*(f"{score:.0f}" for score in scores), *(f"{value:.2f}" for value in values))
            print("".join(f"{text:>16}" for text in (path, *figures, f"{loaded / 1000:.1f}")), flush=True)
            kept &= min(scores) >= LEAST_SCORE and loaded <= bundle.MOST_FIRST_LOAD
            minded |= {f"{path}  {text}" for text in _minded(reports[-1])}
    print("\n".join(["", *sorted(minded)]))
    return 0 if kept else 1


def _report(url: str) -> Json:
    options = ["--output=json", "--quiet", "--no-enable-error-reporting", f"--chrome-flags={CHROMIUM_FLAGS}"]
    done = subprocess.run(
        ["node", "node_modules/lighthouse/cli/index.js", url, *options],
        cwd=web.FOLDER,
        env=os.environ | {"CHROME_PATH": browser.path()},
        stdout=subprocess.PIPE,
        check=True,
    )
    report: Json = json.loads(done.stdout)
    if error := report.get("runtimeError"):
        raise RuntimeError(error["message"])
    return report


def _score(report: Json, category: str) -> float:
    return float(report["categories"][category]["score"]) * 100


def _value(report: Json, audit: str) -> float:
    found = report["audits"][audit]
    return float(found["numericValue"]) / (1000 if found["numericUnit"] == "millisecond" else 1)


def _median(figures: Iterable[float]) -> float:
    return float(statistics.median(figures))


def _minded(report: Json) -> list[str]:
    """The audits that cost points, in Lighthouse's words."""
    asked = [each for category in report["categories"].values() for each in category["auditRefs"] if each["weight"]]
    audits = [report["audits"][each["id"]] for each in asked]
    return [
        f"{audit['score'] * 100:3.0f} of 100: {audit['title']} {audit.get('displayValue', '')}".rstrip()
        for audit in audits
        if audit["score"] is not None and audit["score"] < 0.9
    ]


if __name__ == "__main__":
    sys.exit(main())
