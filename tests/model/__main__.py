"""`make model`: search every world, small and large, and report. With `rules`: print the table for the documents.

Exits with 1 if a verdict is not the one it must be. Two searches at a time; the largest takes less than a gigabyte.
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.model.explore import Result, explore
from tests.model.runs import ABLATIONS, LARGE, LATE, NEEDS_THE_LAP, SMALL, Run
from tests.model.table import markdown


def search(run: Run) -> Result:
    return explore(run.world, run.watched)


def report(run: Run, result: Result) -> str:
    """One line; below it the shortest story of what goes wrong, or what was expected instead."""
    line = f"{run.name:52} {result!s:11} {result.states:>10,} states {result.edges:>11,} steps {result.seconds:>6.1f} s"
    story = [f"    {number:2} {step}" for number, step in enumerate(result.story, 1)]
    wrong = [] if str(result) == run.verdict else [f"    MUST BE {run.verdict}"]
    return "\n".join([line, *story, *wrong])


def main() -> int:
    began, runs = time.perf_counter(), (*SMALL, *ABLATIONS, *NEEDS_THE_LAP, *LATE, *LARGE)
    wrong = states = 0
    with ProcessPoolExecutor(2) as pool:
        for run, result in zip(runs, pool.map(search, runs), strict=True):
            print(report(run, result), flush=True)
            wrong += str(result) != run.verdict
            states += result.states
    seconds = time.perf_counter() - began
    print(f"{len(runs)} runs, {states:,} states, {seconds:.0f} s; {wrong} not as they must be")
    return int(wrong > 0)


if sys.argv[1:] == ["rules"]:
    print(markdown())
elif __name__ == "__main__":
    sys.exit(main())
