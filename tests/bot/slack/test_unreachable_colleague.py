"""A colleague that Lantern cannot message: the lead is told the name, the log is not."""

from __future__ import annotations

import pytest

from store.actions.notices.notify import Notice, notify_person
from store.rules.model import NoticeKind
from store.tables import troubles
from tests.bot.slack.campus import SlackCampus, user_id
from worker.jobs.sweep import sweep

LEADS = "D0LENA"


def _works(campus: SlackCampus, minutes: int) -> None:
    for _ in range(minutes):
        campus.office.clock.forward(minutes=1)
        sweep(campus.office.services)
        campus.office.works()


def _tells_alice(campus: SlackCampus) -> None:
    world = campus.office.world
    case = world.open_case()
    with world.store.unit_of_work() as work:
        said = Notice(NoticeKind.ASSIGNED, world.school(), "x", case)
        notify_person(work, world.staff("alice"), said)


def test_the_lead_hears_who_cannot_be_written_to_and_it_comes_after_the_repair(
    campus: SlackCampus, capsys: pytest.CaptureFixture[str]
) -> None:
    alice = campus.slack.people.pop(user_id("alice"))
    _tells_alice(campus)
    _works(campus, 15)

    (told,) = [str(each.body) for each in campus.slack.shown(LEADS)]
    assert "It is for Alice Adviser." in told
    assert "Alice" not in capsys.readouterr().out
    assert "Alice" not in str(campus.office.world.rows(troubles))

    campus.slack.people[alice.user] = alice
    _works(campus, 10)
    assert len(campus.slack.shown("D0ALICE")) == 1
    assert campus.office.world.rows(troubles) == []


def test_the_lead_hears_whose_message_was_refused_for_good(campus: SlackCampus) -> None:
    _tells_alice(campus)
    campus.slack.faults = [("conversations.open", "too_many_users")]
    _works(campus, 2)
    (told,) = [str(each.body) for each in campus.slack.shown(LEADS)]
    assert "It is for Alice Adviser." in told
