"""Schools' channels are served in parallel, so that a slow one does not delay others."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.bot.slack.campus import LANG, MATH, slack_campus_in
from tests.people import MATHEMATICS, finding
from worker.parallel import AT_ONCE, each


def test_all_are_done_once_and_at_once() -> None:
    names = list(range(AT_ONCE))
    together, done = threading.Barrier(AT_ONCE), list[int]()

    def do(name: int) -> None:
        together.wait(timeout=60)
        done.append(name)

    each(names, do)

    assert sorted(done) == names


def test_an_error_is_raised_when_the_others_are_done() -> None:
    done = list[int]()

    def do(name: int) -> None:
        if name == 1:
            raise ValueError
        done.append(name)

    with pytest.raises(ValueError):  # noqa: PT011 -- raised bare, above
        each([1, 2, 3], do)

    assert done == [2, 3]


def test_a_channel_that_slack_puts_off_keeps_no_other_waiting(tmp_path: Path) -> None:
    with slack_campus_in(tmp_path / "home") as campus:
        world = campus.office.world
        world.open_case("dana")
        world.screen(finding(world.student("mira")), school=MATHEMATICS)
        campus.slack.channels[LANG].members.clear()

        campus.office.works()

        assert campus.slack.shown(LANG) == []
        assert len(campus.slack.shown(MATH)) == 1
