"""How Hypothesis searches here: the same examples at every run, and nothing kept between runs."""

from hypothesis import HealthCheck, Phase, settings

STEPS = 30


def search(examples: int) -> settings:
    """So many examples. A failure is shown as it was found: shrinking takes minutes, and its steps are few anyway."""
    return settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
