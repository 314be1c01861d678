"""Invariants hold whatever colleagues do, in any order, permitted or not."""

from hypothesis import HealthCheck, Phase, settings

from tests.store.colleagues.holding import Holding


class Colleagues(Holding):
    """Take random actions as random people on the cases of three students, while a worker sends."""


Colleagues.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=30,
    deadline=None,
    # Not shrunk: a failure shows within seconds, and thirty steps can be read.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
TestColleagues = Colleagues.TestCase
