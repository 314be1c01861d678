"""A complaint pauses contact, keeps the evidence and goes to a person it is not about (§27)."""

import datetime as dt

import pytest

from store.actions.cases import assign as ownership
from store.actions.complaints import handle as complaints
from store.actions.complaints.handle import Complaint
from store.actions.request import AlreadyDone
from store.db import repository
from store.rules.access.permissions import Action, authorise
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow
from store.rules.model import (
    CaseStatus,
    NoticeKind,
    Role,
)
from store.rules.schools import StaffEntry
from store.tables import audit, notices
from store.tables import complaints as complaints_table
from tests.people import LANGUAGES, ROSTER
from tests.store.acts import EACH, Act
from tests.world import World

SUMMARY = "The tone of the mail hurt her"
DANA = ROSTER.students[0]
PRIYA = StaffEntry(
    "priya@example.ac.uk", "Priya Privacy", ((LANGUAGES, Role.DATA_PROTECTION_OFFICER),)
)


def about(world: World, name: str | None, handler: str | None = None) -> Complaint:
    return Complaint(
        SUMMARY,
        about=world.staff(name) if name else None,
        handler=world.staff(handler) if handler else None,
    )


def record(world: World, case: int, name: str | None = None, by: str = "bob") -> None:
    complaints.record_complaint(world.store, world.by(by), case, about(world, name))


# -- Recording ---------------------------------------------------------------------------------


def test_the_case_rests_with_the_lead_and_the_informal_step_has_a_day(world: World) -> None:
    case = world.open_case()
    world.give_view(case)

    done = complaints.record_complaint(world.store, world.by("bob"), case, about(world, "sana"))

    now = world.case(case)
    assert (now.status, now.rested_from) == (CaseStatus.PAUSED, CaseStatus.DISCUSSING)
    assert now.paused_until is None, "no day ends it, only its resolution does"
    assert now.owner == world.staff("lena")
    assert now.complaint
    assert now.barred == {world.staff("sana")}
    # Ten working days after Wednesday 22 October.
    assert done.informal_by == dt.date(2025, 11, 5)
    assert done.handler == "Lena Lead"
    (row,) = world.rows(complaints_table)
    assert (row["summary"], row["informal_by"]) == (SUMMARY, done.informal_by)
    assert row["recorded_by"] == world.staff("bob")
    (told,) = world.rows(notices, kind=NoticeKind.COMPLAINT)
    assert (told["staff_id"], told["about"]) == (world.staff("lena"), row["id"])
    assert SUMMARY not in str(world.rows(audit))


def test_a_complaint_about_the_lead_goes_to_a_caseworker_whom_it_is_not_about(
    world: World,
) -> None:
    case = world.open_case()

    record(world, case, "lena")

    assert world.case(case).owner == world.staff("alice")
    told = {row["staff_id"] for row in world.rows(notices, kind=NoticeKind.COMPLAINT)}
    assert told == {world.staff("alice")}, "whom it is about is not told who looks into it"


def test_a_handler_can_be_named_but_not_one_whom_it_is_about(world: World) -> None:
    case = world.open_case()

    for handler in ("sana", "bob", "charlie"):
        wanted = about(world, "sana", handler)
        with pytest.raises(InvalidInput) as refused:
            complaints.record_complaint(world.store, world.by("bob"), case, wanted)
        assert refused.value.field == "handler"
    assert world.rows(complaints_table) == []

    complaints.record_complaint(world.store, world.by("bob"), case, about(world, "sana", "alice"))
    assert world.case(case).owner == world.staff("alice")
    told = {row["staff_id"] for row in world.rows(notices, kind=NoticeKind.COMPLAINT)}
    assert told == {world.staff("alice"), world.staff("lena")}, "the lead knows as well"


def test_a_colleague_of_another_school_cannot_record_one(world: World) -> None:
    case = world.open_case()

    with pytest.raises(NotAllowed, match="belongs to another school"):
        record(world, case, by="charlie")


@pytest.mark.parametrize("summary", ["", "too short", " \n", "x " * 1500])
def test_it_says_in_a_few_words_what_it_is_about(world: World, summary: str) -> None:
    case = world.open_case()

    with pytest.raises(InvalidInput) as refused:
        complaints.record_complaint(world.store, world.by("bob"), case, Complaint(summary))
    assert refused.value.field == "summary"
    assert not world.case(case).complaint


def test_somebody_who_is_not_enrolled_is_a_sentence(world: World) -> None:
    case = world.open_case()

    with pytest.raises(InvalidInput, match="not enrolled"):
        complaints.record_complaint(
            world.store, world.by("bob"), case, Complaint(SUMMARY, about=4711)
        )


def test_the_same_click_records_it_once(world: World) -> None:
    case = world.open_case()
    click = world.by("bob", key="one click")
    complaints.record_complaint(world.store, click, case, Complaint(SUMMARY))

    with pytest.raises(AlreadyDone):
        complaints.record_complaint(world.store, click, case, Complaint(SUMMARY))
    assert len(world.rows(complaints_table)) == 1


# -- Permissions while a complaint is open -----------------------------------------------------


@EACH
def test_whom_it_is_about_can_do_nothing_on_the_case(world: World, act: Act) -> None:
    case = world.open_case()
    record(world, case, "alice")

    with pytest.raises(NotAllowed, match="until a complaint about it is resolved"):
        act(world, world.by("alice"), case)


@pytest.mark.parametrize("action", list(Action))
def test_no_action_is_open_to_them(world: World, action: Action) -> None:
    case = world.open_case()
    record(world, case, "lena")
    with world.store.database.read() as connection:
        lena = repository.actor(connection, world.staff("lena"))
    with pytest.raises(NotAllowed):
        authorise(lena, action, world.case(case))


def test_the_case_is_not_given_to_them_either(world: World) -> None:
    case = world.open_case()
    record(world, case, "alice")

    with pytest.raises(InvalidInput, match="it is about this colleague"):
        ownership.assign_case(world.store, world.by("lena"), case, world.staff("alice"))


def test_a_complaint_about_nobody_bars_nobody(world: World) -> None:
    case = world.open_case()
    record(world, case)

    assert world.case(case).barred == frozenset()
    ownership.take_case(world.store, world.by("sana"), case)


def test_a_second_complaint_bars_a_second_colleague(world: World) -> None:
    case = world.open_case()
    record(world, case, "sana")
    record(world, case, "lena")

    now = world.case(case)
    assert now.barred == {world.staff("sana"), world.staff("lena")}
    assert now.owner == world.staff("alice")
    assert now.rested_from is CaseStatus.OPEN, "where it rested before the first"


# -- Resolving ---------------------------------------------------------------------------------


def test_the_lead_resolves_it_and_the_case_goes_on(world: World) -> None:
    case = world.open_case()
    world.give_view(case)
    complaints.record_complaint(world.store, world.by("bob"), case, about(world, "sana", "alice"))

    complaints.resolve_complaint(world.store, world.by("lena"), case, " Met her and apologised ")

    now = world.case(case)
    assert (now.status, now.complaint, now.barred) == (CaseStatus.DISCUSSING, False, frozenset())
    assert (now.rested_from, now.paused_until, now.pause_reason) == (None, None, "")
    (row,) = world.rows(complaints_table)
    assert (row["resolution"], row["resolved_by"]) == (
        "Met her and apologised",
        world.staff("lena"),
    )
    (told,) = world.rows(notices, kind=NoticeKind.RESUMED)
    assert told["staff_id"] == world.staff("alice")
    ownership.take_case(world.store, world.by("sana"), case)


@pytest.mark.parametrize("name", ["alice", "sana", "bob"])
def test_only_the_lead_resolves_it(world: World, name: str) -> None:
    case = world.open_case()
    record(world, case)

    with pytest.raises(NotAllowed, match="resolve the complaint about a case you need to be"):
        complaints.resolve_complaint(world.store, world.by(name), case, "Met her and apologised")
    assert world.case(case).complaint


def test_a_lead_does_not_resolve_a_complaint_about_themselves(world: World) -> None:
    case = world.open_case()
    record(world, case, "lena")

    with pytest.raises(NotAllowed, match="until a complaint about it is resolved"):
        complaints.resolve_complaint(world.store, world.by("lena"), case, "Met her and apologised")


def test_what_is_not_open_is_not_resolved(world: World) -> None:
    case = world.open_case()

    with pytest.raises(NotPossibleNow, match="No complaint about LANG-1 is open"):
        complaints.resolve_complaint(world.store, world.by("lena"), case, "Met her and apologised")


def test_a_resolution_says_how(world: World) -> None:
    case = world.open_case()
    record(world, case)

    with pytest.raises(InvalidInput) as refused:
        complaints.resolve_complaint(world.store, world.by("lena"), case, "done")
    assert refused.value.field == "resolution"
