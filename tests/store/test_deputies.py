"""Deputies who decide where no engagement lead of the school can (§13, §27)."""

import pytest

from store.actions.cases import log_access as reading
from store.actions.cases import use_welfare_route as emergency
from store.actions.complaints import handle as complaints
from store.actions.complaints import read_evidence as evidence
from store.actions.complaints.handle import Complaint, Recorded
from store.actions.schools.load_roster import load_roster
from store.rules.access.permissions import Action
from store.rules.errors import NotAllowed
from store.rules.model import NoticeKind, Role
from store.rules.schools import Roster, SchoolEntry, StaffEntry
from store.tables import audit, emergencies, notices
from store.tables import complaints as complaints_table
from tests.people import LANGUAGES, MATHEMATICS, TRAINED
from tests.world import World

HISTORY = SchoolEntry("HIST", "School of History", "Humanities")
FAY = StaffEntry("fay@example.ac.uk", "Fay Faculty", ((LANGUAGES, Role.FACULTY_LEAD),))
HANA = StaffEntry("hana@example.ac.uk", "Hana Hill", (("HIST", Role.ENGAGEMENT_LEAD),), TRAINED)
HUGO = StaffEntry("hugo@example.ac.uk", "Hugo Hart", (("HIST", Role.ENGAGEMENT_LEAD),))
LUIS = StaffEntry("luis@example.ac.uk", "Luis Lead", ((LANGUAGES, Role.ENGAGEMENT_LEAD),))
STELLA = StaffEntry("stella@example.ac.uk", "Stella", ((MATHEMATICS, Role.FACULTY_LEAD),))

SAID = "We met, and talked it over"
WHY = "A worrying voice message today"


def joined_by(world: World, *people: StaffEntry) -> None:
    load_roster(world.store, Roster(schools=(HISTORY,), staff=people))


def complain(world: World, case: int, about: str, by: str = "bob") -> Recorded:
    wanted = Complaint("The tone of the mail hurt her", about=world.staff(about))
    return complaints.record_complaint(world.store, world.by(by), case, wanted)


def may_resolve(world: World, case: int, name: str) -> bool:
    try:
        complaints.resolve_complaint(world.store, world.by(name), case, SAID)
    except NotAllowed:
        return False
    return True


def told(world: World, kind: NoticeKind) -> set[int]:
    return {row["staff_id"] for row in world.rows(notices, kind=kind)}


def test_a_complaint_about_the_only_lead_is_resolved_by_the_faculty_lead(world: World) -> None:
    joined_by(world, FAY, HANA, STELLA)
    case = world.open_case()
    done = complain(world, case, "lena")

    assert (done.able.names, done.able.deputies) == ("Fay Faculty", True)
    assert told(world, NoticeKind.RESOLVE) == {world.staff("fay")}
    for name in ("lena", "hana", "stella", "max", "alice", "sana", "bob", "charlie"):
        assert not may_resolve(world, case, name), name
    assert may_resolve(world, case, "fay")

    assert not world.case(case).complaint
    (row,) = world.rows(complaints_table)
    assert row["resolved_by"] == world.staff("fay")
    (resolved,) = world.rows(audit, action="resolve-complaint")
    assert resolved["actor"] == f"staff:{world.staff('fay')}"
    assert resolved["details"]["deputy"] is True


def test_without_a_faculty_lead_one_lead_of_another_school_of_the_faculty_does(
    world: World,
) -> None:
    joined_by(world, HUGO, HANA)
    case = world.open_case()
    done = complain(world, case, "lena")

    assert done.able.names == "Hana Hill", "the trained one, and no more people than needed"
    assert told(world, NoticeKind.RESOLVE) == {world.staff("hana")}
    assert not may_resolve(world, case, "hugo")
    assert not may_resolve(world, case, "max"), "leads a school of another faculty"
    assert may_resolve(world, case, "hana")


def test_another_lead_of_the_school_comes_first_and_nobody_stands_in(world: World) -> None:
    joined_by(world, FAY, LUIS)
    case = world.open_case()
    done = complain(world, case, "lena")

    assert (done.able.names, done.able.deputies) == ("Luis Lead", False)
    assert told(world, NoticeKind.RESOLVE) == set()
    assert world.staff("luis") in told(world, NoticeKind.COMPLAINT)
    assert not may_resolve(world, case, "fay")
    assert may_resolve(world, case, "luis")
    assert "deputy" not in world.rows(audit, action="resolve-complaint")[0]["details"]


def test_nobody_stands_in_once_a_complaint_is_about_them(world: World) -> None:
    joined_by(world, FAY, HANA)
    case = world.open_case()
    complain(world, case, "lena")
    done = complain(world, case, "fay", by="sana")

    assert done.able.names == "Hana Hill"
    assert not may_resolve(world, case, "fay")
    assert may_resolve(world, case, "hana")


def test_where_there_is_nobody_it_is_said(world: World) -> None:
    case = world.open_case()
    done = complain(world, case, "lena")

    assert (done.able.people, done.able.deputies) == ((), True)
    assert not may_resolve(world, case, "max")


def test_who_stands_in_may_do_that_and_nothing_else(world: World) -> None:
    joined_by(world, FAY)
    case = world.open_case()
    complain(world, case, "lena")

    for action in Action:
        if action not in (Action.RESOLVE, Action.FIGURES, Action.INFORM):
            with pytest.raises(NotAllowed):
                reading.preview_case(world.store, world.staff("fay"), case, action)
    assert evidence.export_evidence(world.store, world.staff("fay"), case).is_intact

    # Once the complaint is resolved, the school's own lead decides again.
    assert may_resolve(world, case, "fay")
    with pytest.raises(NotAllowed):
        evidence.export_evidence(world.store, world.staff("fay"), case)
    assert evidence.export_evidence(world.store, world.staff("lena"), case).is_intact


def test_the_welfare_route_of_the_only_lead_is_reviewed_by_who_stands_in(world: World) -> None:
    joined_by(world, FAY)
    case = world.open_case()
    emergency.use_welfare_route(world.store, world.by("lena"), case, WHY)

    assert told(world, NoticeKind.REVIEW) == {world.staff("fay")}
    assert told(world, NoticeKind.EMERGENCY) == set()
    with pytest.raises(NotAllowed, match="so Fay Faculty reviews it"):
        emergency.review_welfare_route(world.store, world.by("lena"), case, SAID)
    for name in ("alice", "max", "bob"):
        with pytest.raises(NotAllowed):
            emergency.review_welfare_route(world.store, world.by(name), case, SAID)

    emergency.review_welfare_route(world.store, world.by("fay"), case, SAID)
    (row,) = world.rows(emergencies)
    assert row["reviewed_by"] == world.staff("fay")
    assert world.rows(audit, action="review")[0]["details"]["deputy"] is True
    with pytest.raises(NotAllowed):
        emergency.review_welfare_route(world.store, world.by("fay"), case, SAID)


def test_each_reviews_only_what_is_theirs(world: World) -> None:
    joined_by(world, FAY)
    case = world.open_case()
    emergency.use_welfare_route(world.store, world.by("lena"), case, WHY)
    emergency.use_welfare_route(world.store, world.by("alice"), case, WHY)

    emergency.review_welfare_route(world.store, world.by("lena"), case, SAID)
    emergency.review_welfare_route(world.store, world.by("fay"), case, SAID)

    reviewed = {row["used_by"]: row["reviewed_by"] for row in world.rows(emergencies)}
    lena, alice, fay = (world.staff(name) for name in ("lena", "alice", "fay"))
    assert reviewed == {lena: fay, alice: lena}


def test_without_anybody_else_a_review_says_whom_to_enrol(world: World) -> None:
    case = world.open_case()
    emergency.use_welfare_route(world.store, world.by("lena"), case, WHY)
    with pytest.raises(NotAllowed, match="a lead of the faculty, enrolled"):
        emergency.review_welfare_route(world.store, world.by("lena"), case, SAID)
