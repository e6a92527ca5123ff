"""How many examples a property is asked (hypothesis): few and always the same ones in the gate, many at random after it.

The gate must answer the same twice, so its profile is derandomized; what the long profile finds is pinned by `@example`.
A slow machine is no failure: tests never judge times.
"""

import hypothesis
from hypothesis import HealthCheck

LONGER = 20
_PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}


def register_profiles() -> None:
    """`gate` unless `--hypothesis-profile long` is given."""
    hypothesis.settings.register_profile("gate", derandomize=True, max_examples=100, **_PATIENT)
    hypothesis.settings.register_profile("long", max_examples=100 * LONGER, **_PATIENT)
    hypothesis.settings.load_profile("gate")


def costly(examples: int, **more) -> hypothesis.settings:
    """Settings of a property whose every example is slow: so many examples in the gate."""
    long = hypothesis.settings.get_current_profile_name() == "long"
    return hypothesis.settings(
        max_examples=examples * (LONGER if long else 1),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        **more,
    )
