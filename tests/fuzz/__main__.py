"""`python -m tests.fuzz`: a long run; `make fuzz` calls it."""

import argparse
import asyncio
import secrets
import shutil
import sys
from pathlib import Path

from tests.fuzz.report import keep, text
from tests.fuzz.run import fuzz

KEPT = Path(".cache/fuzz")
EACH = 60


def main() -> int:
    """Run, print the report, and return 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--broker", choices=["embedded", "kafka"], default="embedded")
    asked = parser.parse_args()
    seed = secrets.randbelow(10**9) if asked.seed is None else asked.seed
    sys.stdout.write(f"SEED={seed}\n")
    shutil.rmtree(KEPT, ignore_errors=True)
    report = asyncio.run(fuzz(KEPT / "shop", seed, asked.requests, EACH, asked.broker))
    sys.stdout.write(text(report) + "\n")
    keep(report, KEPT)
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
