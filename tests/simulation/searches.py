"""How Hypothesis searches here: the same examples at every run, and nothing kept between runs."""

from hypothesis import HealthCheck, Phase, settings


def search(examples: int, steps: int = 30) -> settings:
    """So many examples. A failure is shown as it was found: shrinking takes minutes, and its steps are few anyway."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
