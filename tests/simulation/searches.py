"""How Hypothesis searches here: the same examples at every run, and nothing kept between runs."""

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.shop_machine import Shop


def search_settings(examples: int) -> settings:
    """So many examples. A failure is shown as it was found: shrinking takes minutes, and its steps are few anyway."""
    return settings(
        max_examples=examples,
        stateful_step_count=30,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )


def search(machine: type[Shop], examples: int, number: int = 0) -> None:
    """Run so many examples of a machine; each `number` makes others. Raises what the first failing one raised."""
    numbered = seed(number)(type(machine.__name__, (machine,), {}))
    run_state_machine_as_test(numbered, settings=search_settings(examples))
