"""Looks for what shows a rule broken on purpose: a test that does not notice it proves nothing."""

from hypothesis import HealthCheck, Phase, settings


def hunting(*, steps: int = 50) -> settings:
    """Return how hypothesis looks until an example is caught; of a machine, with lives of `steps`.

    It ends with the first. Which come first depends on what else this process has imported, so
    there may be many more of them than it mostly takes.
    """
    return settings(
        max_examples=10_000,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        report_multiple_bugs=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
