"""A school without an engagement lead: other people are told what needs action.

One function decides who they are, wherever the leads would be told.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.actions.notices import troubles
from store.actions.notices.read_now import have_it_read
from store.actions.notices.troubles import Trouble
from store.actions.schools.close_channel import close_channel
from store.actions.schools.load_roster import load_roster
from store.actions.students.record_message import record_message
from store.queries.schools.responsible import responsible
from store.queries.schools.staff import school_channels
from store.rules.flag_rules.evidence import Finding
from store.rules.model import NoticeKind, Role, TroubleKind
from store.rules.schools import EnrolmentEntry, Roster, StaffEntry
from store.rules.students.messages import Said, Saying
from store.tables import identities, notices, staff
from tests.people import LANGUAGES, MATHEMATICS, ROSTER
from tests.store.test_holds import of
from tests.store.test_moving import DANA, moves
from tests.worker.office import Office, office_in
from worker.jobs.notices.digests import request_messages

HOUSE = Path(__file__).parents[2]
FOR_THE_LEADS_ALONE = {
    "store/actions/authority.py",  # names a colleague who may act
    "store/actions/students/report_death.py",  # asks everyone who may confirm it
    "store/queries/cases/deciders.py",  # decides, with deputies of its own
    "store/queries/notices/thread_notices.py",  # mentions a person who can do it
    "store/queries/schools/responsible.py",
    "store/queries/schools/staff.py",
    "worker/doctor/data.py",  # says whether there is one
}
"""Modules that ask for the leads themselves. All others ask who is responsible."""


def who_hears(office: Office) -> list[str]:
    """Return the first names of the people who are told what needs action in Languages."""
    names = {row["id"]: row["email"].partition("@")[0] for row in office.world.rows(staff)}
    with office.world.store.database.read() as connection:
        return [names[each] for each in responsible(connection, office.world.school())]


def heard(office: Office, name: str) -> list[str]:
    return [str(message.payload) for message in office.messages(f"direct:{name}")]


def leave_all_chats(office: Office, name: str) -> None:
    mine = identities.c.staff_id == office.world.staff(name)
    with office.world.store.unit_of_work() as work:
        work.connection.execute(sa.delete(identities).where(mine))


def surge_of(office: Office) -> list[Finding]:
    """Return findings for 8 of 40 students of one module on one day."""
    extra = [replace(DANA, number=f"6{n:02}", given_name=f"Crowd{n}") for n in range(40)]
    first = ROSTER.enrolments[0].starts
    enrolled = [EnrolmentEntry(each.number, "FR101", first) for each in extra]
    load_roster(office.world.store, Roster(students=tuple(extra), enrolments=tuple(enrolled)))
    return of(office.world, *range(8), module="FR101", rule="attendance")


def asks_for_leads(path: Path) -> bool:
    """Return whether a module imports the function that lists a school's leads."""
    text = path.read_text()
    return "schools.staff import" in text and any(
        isinstance(node, ast.ImportFrom)
        and node.module == "store.queries.schools.staff"
        and "leads" in {each.name for each in node.names}
        for node in ast.parse(text).body
    )


def test_there_is_always_a_colleague_to_tell(tmp_path: Path) -> None:
    fay = StaffEntry("fay@example.ac.uk", "Fay Faculty", ((MATHEMATICS, Role.FACULTY_LEAD),))
    with office_in(tmp_path) as office:
        load_roster(office.world.store, Roster(staff=(fay,)))
        office.leaves("lena")
        assert who_hears(office) == ["sana"]
        languages, mathematics = ROSTER.schools
        same = replace(mathematics, faculty=languages.faculty)
        load_roster(office.world.store, Roster(schools=(same,)))
        assert who_hears(office) == ["sana", "fay"], "the faculty's lead, of its other school"
        office.leaves("sana")
        assert who_hears(office) == ["fay"]
        office.leaves("fay")
        assert who_hears(office) == ["max"], "who leads another school of the faculty"
        office.leaves("max")
        assert who_hears(office) == ["alice", "bob"]


def test_each_kind_that_leads_are_told_of_is_told(tmp_path: Path) -> None:
    with office_in(tmp_path) as office:
        world, store = office.world, office.world.store
        school = world.school()
        office.leaves("lena")
        office.leaves("bob")
        archived = "Lantern cannot post in your school's channel. It is archived; restore it."
        troubles.record_trouble(
            store, Trouble(TroubleKind.CHANNEL, "1", archived, school, is_final=True)
        )
        office.works()
        (said,) = [text for text in heard(office, "sana") if "restore it" in text]
        assert "School of Languages has no engagement lead" in said
        assert "Ask for one to be named" in said
        world.open_case()
        with store.database.read() as connection:
            (channel,) = school_channels(connection, school)
        close_channel(store, channel, "a guest")
        with store.unit_of_work() as work:
            eli = world.student("eli")
            have_it_read(work, "I want to die", key="1", student=eli, school=school)
        record_message(store, Said(world.student("eli"), Saying.TALK, "Please ring me"), "k1")
        world.screen(*surge_of(office))
        moves(world, DANA)
        moves(world, DANA, school=LANGUAGES)
        office.clock.forward(days=12)
        with store.unit_of_work() as work:
            request_messages(work, school, world.today)
        told = {row["kind"] for row in world.rows(notices, staff_id=world.staff("sana"))}
        wanted = {
            NoticeKind.TROUBLE,
            NoticeKind.CHANNEL,
            NoticeKind.READ_NOW,
            NoticeKind.SAID,
            NoticeKind.HELD,
            NoticeKind.ALERT,
        }
        assert wanted <= told, wanted - told


@pytest.mark.parametrize("gone", ["left", "in no chat"])
def test_what_the_only_lead_cannot_hear_others_hear(tmp_path: Path, gone: str) -> None:
    """The notice is recorded while she is active, and delivered when she is not."""
    with office_in(tmp_path) as office:
        school = office.world.school()
        why = "Approved emails of your school wait. The secret expired: renew it."
        named = Trouble(TroubleKind.SENDING, str(school), why, school, is_final=True)
        troubles.record_trouble(office.world.store, named)
        office.leaves("lena") if gone == "left" else leave_all_chats(office, "lena")
        office.works()
        (said,) = heard(office, "sana")
        assert why.partition(". ")[2] in said
        assert "cannot reach the colleague this is for" in said


def test_whoever_tells_the_leads_asks_who_is_responsible() -> None:
    asks = {
        str(path.relative_to(HOUSE))
        for package in ("bot", "integrations", "store", "worker")
        for path in (HOUSE / package).rglob("*.py")
        if asks_for_leads(path)
    }
    assert asks <= FOR_THE_LEADS_ALONE, asks - FOR_THE_LEADS_ALONE
