"""Whatever colleagues do, in whatever order, allowed or not: what must always hold, holds."""

from hypothesis import HealthCheck, Phase, settings

from tests.store.colleagues.holding import Holding


class Colleagues(Holding):
    """Random people do random things to the cases of three students, and a worker sends."""


Colleagues.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=30,
    deadline=None,
    # Not shrunk: a failure is shown within seconds, and thirty steps can be read.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
TestColleagues = Colleagues.TestCase
