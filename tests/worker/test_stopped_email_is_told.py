"""Whatever stops an email, its author and its approver each read the reason in one line, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from store.actions.cases import close as closing
from store.actions.cases import pause as resting
from store.actions.cases.use_welfare_route import use_welfare_route
from store.actions.complaints import handle as complaints
from store.actions.complaints.handle import Complaint
from store.actions.outreach import write_draft as outreach
from store.actions.schools.load_roster import load_roster
from store.actions.students import exempt as exempting
from store.actions.students import exempt_group as exempting_all
from store.actions.students import report_death as deaths
from store.actions.students.exempt import Exemption
from store.actions.students.record_message import record_message
from store.rules.model import ExemptionKind, Outcome, OutreachStatus, Purpose
from store.rules.schools import Roster
from store.rules.students.exemptions import ExemptGroup
from store.rules.students.messages import Said, Saying
from store.tables import outreach as outreach_table
from store.tables import staff
from tests.people import MATHEMATICS, ROSTER
from tests.worker.office import Office, words
from tests.world import World
from worker.jobs import sweep as sweeping

DANA = ROSTER.students[0]
APPROVED = "approved email of LANG-1 was not sent"
CANCELLED = "Your draft for LANG-1 was cancelled."
DIED = "The student of LANG-1 is reported to have died, so the email to them is not sent."
CONFIRM = "Confirm it, or correct it if it is not right."
"""What the owner reads of a death: the request to confirm it is their only message."""
SAID = (APPROVED, CANCELLED, DIED, CONFIRM)


def closes(world: World, case: int) -> None:
    closing.close_case(world.store, world.by("lena"), case, Outcome.MEETING_HELD)


def pauses(world: World, case: int) -> None:
    until = world.today + dt.timedelta(days=8)
    resting.pause_case(world.store, world.by("lena"), case, until, "Away with the choir")


def exempts(world: World, case: int) -> None:
    last = world.today + dt.timedelta(days=30)
    away = Exemption(ExemptionKind.PLACEMENT, world.today, last, "Placement at the archive")
    exempting.exempt_student(world.store, world.by("lena"), case, away)


def exempts_all(world: World, _case: int) -> None:
    last = world.today + dt.timedelta(days=30)
    away = Exemption(ExemptionKind.PLACEMENT, world.today, last, "Placement at the archive")
    group = ExemptGroup.named("module FR101")
    exempting_all.exempt_group(world.store, world.by("lena"), world.school(), group, away)


def complains(world: World, case: int) -> None:
    said = Complaint("The email was hurtful")
    complaints.record_complaint(world.store, world.by("lena"), case, said)


def moves(world: World, _case: int) -> None:
    load_roster(world.store, Roster(students=(replace(DANA, home_school=MATHEMATICS),)))


def reports_death(world: World, case: int) -> None:
    deaths.report_death(world.store, world.by("lena"), case, "Her family has told the dean")


def roster_reports_death(world: World, _case: int) -> None:
    load_roster(world.store, Roster(students=(replace(DANA, has_died=True),)))


def welfare_comes_first(world: World, case: int) -> None:
    use_welfare_route(world.store, world.by("lena"), case, "A worrying voice message")
    letter = outreach.compose(world.store, world.by("lena"), case, Purpose.WELFARE)
    words = (letter.subject, letter.body, Purpose.WELFARE)
    outreach.save_draft(world.store, world.by("lena"), case, *words)


def opts_out(world: World, _case: int) -> None:
    record_message(world.store, Said(world.student("dana"), Saying.OPT_OUT, "", None), "k")


def loses_training(world: World, _case: int) -> None:
    with world.store.unit_of_work() as work:
        work.connection.execute(sa.update(staff).values(trained_on=None))


class Way(NamedTuple):
    """A way in which an email is stopped, and what its people read."""

    act: Callable[[World, int], None]
    why: str
    of_a_draft: bool = True
    """Whether it stops a draft too. What only the worker checks stops only approved emails."""
    says: str = ""


WAYS: Mapping[str, Way] = {
    "closed": Way(closes, "the case was closed"),
    "paused": Way(pauses, "the case was paused"),
    "exempt": Way(exempts, "the student is exempt now"),
    "exempt with all of a module": Way(exempts_all, "the student is exempt now"),
    "complained of": Way(complains, "a complaint is open"),
    "moved to another school": Way(moves, "the case went to the student's home school"),
    "died": Way(reports_death, "", says=DIED),
    "died, by the roster": Way(roster_reports_death, "", says=DIED),
    "opted out": Way(opts_out, "no more emails about engagement", of_a_draft=False),
    "no trained lead": Way(loses_training, "training of an engagement lead", of_a_draft=False),
}


def told(office: Office, name: str) -> list[str]:
    """Return what this person reads of an email that is not sent.

    That is a private message, or a line in the case's thread that names them.
    """
    private = [str(each.payload) for each in office.messages(f"direct:{name}")]
    lines = [str(each.payload) for each in office.messages() if each.thread]
    named = [each for each in lines if f"{name.title()} " in each]
    shown = [unescape(each) for each in private + named]
    return [each for each in shown if any(said in each for said in SAID)]


def happens(office: Office, case: int, way: Way) -> None:
    """Stop the email in the evening, while it waits for the morning, and run the worker."""
    way.act(office.world, case)
    office.works()
    for hours in (15, 1):
        office.clock.now += dt.timedelta(hours=hours)
        sweeping.sweep(office.services)
        office.works()


@pytest.fixture
def waiting(office: Office) -> int:
    """Give a case whose approved email waits for the morning; its cards are up to date."""
    case = office.world.open_case()
    office.clock.now = office.clock.now.replace(hour=18)
    office.world.approved_mail(case)
    office.works()
    return case


@pytest.fixture
def drafted(office: Office) -> int:
    case = office.world.open_case()
    office.world.give_view(case)
    office.world.write_draft(case, "alice")
    office.works()
    return case


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_author_and_approver_of_an_approved_email(office: Office, waiting: int, way: Way) -> None:
    happens(office, waiting, way)
    assert office.left() == []
    for name in ("sana", "alice"):
        (said,) = told(office, name)
        is_asked = way.says and name == "sana"
        assert (CONFIRM if is_asked else way.says or APPROVED) in said, said
        assert way.why in said, said
        assert "Dana" not in said


STOP_DRAFTS = {name: way for name, way in WAYS.items() if way.of_a_draft} | {
    "welfare first": Way(welfare_comes_first, "an email about welfare takes its place")
}


@pytest.mark.parametrize("way", STOP_DRAFTS.values(), ids=STOP_DRAFTS)
def test_the_author_of_a_draft_that_waits_to_be_approved(
    office: Office, drafted: int, way: Way
) -> None:
    happens(office, drafted, way)
    (said,) = told(office, "alice")
    assert (way.says or CANCELLED) in said, said
    assert way.why in said, said
    assert [each for each in told(office, "sana") if CONFIRM not in each] == []


def test_a_death_that_is_taken_back_is_told_to_them_too(office: Office, waiting: int) -> None:
    happens(office, waiting, WAYS["died"])
    deaths.undo_death(
        office.world.store, office.world.by("lena"), waiting, "It was her namesake who died"
    )
    office.works()
    for name in ("sana", "alice"):
        said = str(office.messages(f"direct:{name}"))
        assert "The report that the student of LANG-1 has died was not right" in said
    assert office.world.draft(waiting).body


def test_a_draft_of_lantern_s_own_that_nobody_has_changed_is_nobody_s_loss(office: Office) -> None:
    case = office.world.writes_to_dana()
    office.clock.now += dt.timedelta(days=7)
    assert office.world.follow_up() == 1
    office.works()
    pauses(office.world, case)
    office.works()
    assert told(office, "sana") == []
    last = office.world.rows(outreach_table)[-1]
    assert last["status"] == OutreachStatus.CANCELLED


def test_the_card_says_why_as_well(office: Office, waiting: int) -> None:
    happens(office, waiting, WAYS["paused"])
    shown = office.clicks("alice", "show", case=waiting).dialog
    assert "The email was not sent: the case was paused" in words(shown)
