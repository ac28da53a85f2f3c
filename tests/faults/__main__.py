"""`make faults`: one run, its report, and a line at the end of docs/reliability.md."""

import argparse
import logging
import random
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

from local_stack.layout import ROOT

from tests.faults.checks import violations
from tests.faults.cluster import Cluster
from tests.faults.report import row, text
from tests.faults.run import run_on

TABLE = ROOT / "docs" / "reliability.md"


def main() -> int:
    """The exit code: 0 if every check held."""
    parser = argparse.ArgumentParser(prog="faults")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--broker", choices=["embedded", "kafka"], required=True)
    options = parser.parse_args()
    # What the harness' own clients say of the broken broker is no news.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    print(f"{options.seconds:.0f} s of faults with seed {options.seed} on the {options.broker} broker", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="shop-faults-"))
    evidence = run_on(Cluster(folder, options.broker), options.seed, options.seconds)
    print(text(evidence, options.seed))
    with TABLE.open("a") as table:
        table.write(row(evidence, options.seed, options.broker, date.today()))
    if any(violations(evidence).values()):
        evidence.history.write(folder / "history.jsonl")
        print(f"The history, the logs and the databases are in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
