"""A few seconds of `make load`: no click is lost, and none goes to another machine."""

from pathlib import Path

import pytest

from tests.load.clicks import NotThisMachine, check_loopback
from tests.load.run import Plan, run


@pytest.mark.parametrize("host", ["192.0.2.7", "lantern.example.ac.uk", "localhost", "::"])
def test_another_host_is_refused_before_anything_is_started(tmp_path: Path, host: str) -> None:
    with pytest.raises(NotThisMachine, match="this machine alone"):
        run(Plan(host=host), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_loopback_interface_has_more_addresses_than_one() -> None:
    for url in ("http://127.0.0.1:80", "http://127.9.9.9:80", "http://[::1]:80"):
        assert check_loopback(url) == url


def test_nothing_is_lost_beside_a_screening(tmp_path: Path) -> None:
    """Speed is not tested here, where other tests use the processor; `make load` measures it."""
    plan = Plan(students=600, staff=20, workers=1, seconds=2, burst_pace=20, burst_seconds=1)
    report = run(plan, tmp_path)
    phases = (report.usual, report.burst, report.usual_beside, report.burst_beside)
    assert [each.clicks for each in phases] == [20, 20, 20, 20]
    assert [each.why_lost for each in phases] == [{}, {}, {}, {}]
    assert report.notes_lost == 0
    assert {"web", "worker 1", "clock", "screening", "the load itself"} < report.shares.keys()
    assert all(memory > 0 for memory, *_ in report.growth.values())
