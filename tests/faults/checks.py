"""What must hold of every run. Each check yields a sentence for each violation it finds, none if all is well."""

from collections.abc import Callable, Iterator

from tests.faults.evidence import Evidence
from tests.faults.liveness import l1, l2, l3, l4, l5, o1, o2
from tests.faults.safety import s1, s2, s3, s4, s5, s6, s7, s8, s9, s10

Check = Callable[[Evidence], Iterator[str]]

CHECKS: dict[str, Check] = {
    check.__name__.upper(): check for check in (s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, l1, l2, l3, l4, l5, o1, o2)
}


def violations(evidence: Evidence) -> dict[str, list[str]]:
    """By the name of the check that found them."""
    return {name: list(check(evidence)) for name, check in CHECKS.items()}
