"""A complaint rests contact, keeps the evidence, and goes to somebody it is not about (§27)."""

import datetime as dt
import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from store import repository
from store.casework import (
    alerting,
    closing,
    complaints,
    evidence,
    notes,
    outreach,
    ownership,
    sending,
)
from store.casework.answers import record_answer
from store.casework.complaints import Complaint
from store.casework.freezing import fingerprint
from store.casework.request import AlreadyDone
from store.casework.roster import load_roster
from store.casework.student_voice import say
from store.outbox import claim
from store.rules.access import Action, authorise
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow
from store.rules.model import (
    CaseStatus,
    NoticeKind,
    OutboxKind,
    Outcome,
    OutreachStatus,
    Purpose,
    Role,
)
from store.rules.reading import Readers
from store.rules.roster import Roster, StaffEntry
from store.rules.student_voice import Said, Saying
from store.tables import audit, emergencies, notices
from store.tables import complaints as complaints_table
from store.tables import outreach as outreach_table
from tests.people import BODY, LANGUAGES, MATHEMATICS, REASON, ROSTER, SUBJECT
from tests.store.acts import EACH, Act
from tests.world import SEAL, World

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
    complaints.record(world.store, world.by(by), case, about(world, name))


# -- Recording ---------------------------------------------------------------------------------


def test_the_case_rests_with_the_lead_and_the_informal_step_has_a_day(world: World) -> None:
    case = world.open_case()
    world.give_view(case)

    done = complaints.record(world.store, world.by("bob"), case, about(world, "sana"))

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
            complaints.record(world.store, world.by("bob"), case, wanted)
        assert refused.value.field == "handler"
    assert world.rows(complaints_table) == []

    complaints.record(world.store, world.by("bob"), case, about(world, "sana", "alice"))
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
        complaints.record(world.store, world.by("bob"), case, Complaint(summary))
    assert refused.value.field == "summary"
    assert not world.case(case).complaint


def test_somebody_who_is_not_enrolled_is_a_sentence(world: World) -> None:
    case = world.open_case()

    with pytest.raises(InvalidInput, match="not enrolled"):
        complaints.record(world.store, world.by("bob"), case, Complaint(SUMMARY, about=4711))


def test_the_same_click_records_it_once(world: World) -> None:
    case = world.open_case()
    click = world.by("bob", key="one click")
    complaints.record(world.store, click, case, Complaint(SUMMARY))

    with pytest.raises(AlreadyDone):
        complaints.record(world.store, click, case, Complaint(SUMMARY))
    assert len(world.rows(complaints_table)) == 1


# -- Who may do what meanwhile -----------------------------------------------------------------


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

    with pytest.raises(InvalidInput, match="whom the complaint is not about"):
        ownership.assign(world.store, world.by("lena"), case, world.staff("alice"))


def test_a_complaint_about_nobody_bars_nobody(world: World) -> None:
    case = world.open_case()
    record(world, case)

    assert world.case(case).barred == frozenset()
    ownership.take(world.store, world.by("sana"), case)


def test_a_second_complaint_bars_a_second_colleague(world: World) -> None:
    case = world.open_case()
    record(world, case, "sana")
    record(world, case, "lena")

    now = world.case(case)
    assert now.barred == {world.staff("sana"), world.staff("lena")}
    assert now.owner == world.staff("alice")
    assert now.rested_from is CaseStatus.OPEN, "where it rested before the first"


# -- Mails -------------------------------------------------------------------------------------


def test_nothing_about_engagement_leaves_any_more(world: World) -> None:
    case = world.open_case()
    mail = world.approved_mail(case)

    record(world, case)

    assert world.mail(mail.id).status is OutreachStatus.CANCELLED
    assert claim(world.store, OutboxKind.MAIL, "worker") is None
    with pytest.raises(NotPossibleNow):
        world.write_draft(case)


def welfare(world: World, case: int) -> None:
    """The emergency route was used, and a mail about welfare is drafted."""
    with world.store.unit_of_work() as work:
        work.connection.execute(
            sa.insert(emergencies).values(
                case_id=case, used_by=world.staff("sana"), why=REASON, at=work.now
            )
        )
    outreach.save_draft(world.store, world.by("sana"), case, SUBJECT, BODY, Purpose.WELFARE)


def test_a_concern_for_welfare_is_written_all_the_same(world: World) -> None:
    case = world.open_case()
    world.write_draft(case)
    record(world, case, "lena")

    welfare(world, case)
    mail = world.approve(case)

    assert world.mail(mail.id).purpose is Purpose.WELFARE
    assert world.send().status is OutreachStatus.SENT


@pytest.mark.parametrize(("approver", "leaves"), [("alice", False), ("lena", True)])
def test_a_mail_about_welfare_leaves_unless_whom_it_is_about_approved_it(
    world: World, approver: str, leaves: bool
) -> None:
    case = world.open_case()
    welfare(world, case)
    mail = world.approve(case, approver)

    record(world, case, "alice")

    status = world.mail(mail.id).status
    assert status is (OutreachStatus.APPROVED if leaves else OutreachStatus.CANCELLED)


def test_the_worker_asks_again_who_approved_it(world: World) -> None:
    """A mail that was about to leave when the complaint came."""
    case = world.open_case()
    welfare(world, case)
    mail = world.approve(case)
    row = world.claim_mail()
    record(world, case, "alice")
    with world.store.unit_of_work() as work:
        work.connection.execute(sa.update(outreach_table).values(status=OutreachStatus.APPROVED))

    assert sending.check_before_sending(world.store, row) is None
    assert world.mail(mail.id).status is OutreachStatus.CANCELLED
    assert world.rows(audit)[-1]["details"]["reason"] == "a complaint is about the approver"


# -- States ------------------------------------------------------------------------------------


def test_a_closed_case_stays_closed_and_keeps_its_evidence(world: World) -> None:
    case = world.open_case()
    closing.close(world.store, world.by("lena"), case, Outcome.MEETING_HELD)

    record(world, case, "sana")

    assert world.case(case).status is CaseStatus.CLOSED
    assert world.case(case).complaint
    complaints.resolve(world.store, world.by("lena"), case, "We met and talked it over")
    assert world.case(case).status is CaseStatus.CLOSED


def test_a_handed_over_case_waits_for_its_acknowledgement_first(world: World) -> None:
    case = world.open_case()
    load_roster(world.store, Roster(students=(replace(DANA, home_school=MATHEMATICS),)))

    complaints.record(world.store, world.by("charlie"), case, Complaint(SUMMARY))

    assert world.case(case).status is CaseStatus.HANDED_OVER
    assert world.case(case).owner == world.staff("max")
    alerting.acknowledge(world.store, world.by("max"), case)
    with pytest.raises(NotPossibleNow, match="complaint is open"):
        world.write_draft(case, "charlie")


def test_a_complaint_moves_with_its_case_to_the_new_school(world: World) -> None:
    case = world.open_case()
    record(world, case, "sana")

    load_roster(world.store, Roster(students=(replace(DANA, home_school=MATHEMATICS),)))

    assert world.case(case).complaint
    assert world.case(case).owner == world.staff("max")
    assert [row["handler_id"] for row in world.rows(complaints_table)] == [world.staff("max")]


# -- Resolving ---------------------------------------------------------------------------------


def test_the_lead_resolves_it_and_the_case_goes_on(world: World) -> None:
    case = world.open_case()
    world.give_view(case)
    complaints.record(world.store, world.by("bob"), case, about(world, "sana", "alice"))

    complaints.resolve(world.store, world.by("lena"), case, " Met her and apologised ")

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
    ownership.take(world.store, world.by("sana"), case)


@pytest.mark.parametrize("name", ["alice", "sana", "bob"])
def test_only_the_lead_resolves_it(world: World, name: str) -> None:
    case = world.open_case()
    record(world, case)

    with pytest.raises(NotAllowed, match="resolve the complaint about a case you need to be"):
        complaints.resolve(world.store, world.by(name), case, "Met her and apologised")
    assert world.case(case).complaint


def test_a_lead_does_not_resolve_a_complaint_about_themselves(world: World) -> None:
    case = world.open_case()
    record(world, case, "lena")

    with pytest.raises(NotAllowed, match="until a complaint about it is resolved"):
        complaints.resolve(world.store, world.by("lena"), case, "Met her and apologised")


def test_what_is_not_open_is_not_resolved(world: World) -> None:
    case = world.open_case()

    with pytest.raises(NotPossibleNow, match="No complaint about LANG-1 is open"):
        complaints.resolve(world.store, world.by("lena"), case, "Met her and apologised")


def test_a_resolution_says_how(world: World) -> None:
    case = world.open_case()
    record(world, case)

    with pytest.raises(InvalidInput) as refused:
        complaints.resolve(world.store, world.by("lena"), case, "done")
    assert refused.value.field == "resolution"


# -- Evidence ----------------------------------------------------------------------------------


def test_the_evidence_is_everything_as_it_was_and_stays_so(world: World) -> None:
    case = world.open_case()
    world.approved_mail(case)
    mail = world.rows(outreach_table)[0]["id"]
    with world.store.unit_of_work() as work:
        named = sa.update(outreach_table).where(outreach_table.c.id == mail)
        work.connection.execute(named.values(conversation="conversation-1"))
    record_answer(
        world.store,
        message="m1",
        conversation="conversation-1",
        body="I was ill",
        received_at=world.clock.now,
    )
    say(world.store, Said(world.student("dana"), Saying.WRONG, "Not so"), "k1")
    record(world, case, "alice")

    kept = evidence.export(world.store, world.staff("lena"), case)

    found = json.loads(kept.text)
    assert kept.is_intact
    assert found["case"]["status"] == "responded"
    assert found["case"]["reference"] == "LANG-1"
    assert found["student_number"] == "1001"
    assert [row["reason"] for row in found["views"]] == [REASON]
    assert [(row["status"], row["body"]) for row in found["outreach"]] == [("approved", BODY)]
    assert {"Bob Brown", "Sana Support", "Alice Adviser"} <= set(found["staff"].values())
    assert [row["action"] for row in found["audit"]].count("approve") == 1
    assert found["complaints"] == []
    assert [(row["body"], row["case_id"]) for row in found["replies"]] == [("I was ill", case)]
    assert [row["words"] for row in found["sayings"]] == ["Not so"]
    assert "I was ill" not in str(world.dump())

    # Whatever happens afterwards, it says the same.
    world.give_view(case)
    assert evidence.export(world.store, world.staff("lena"), case).text == kept.text


@pytest.mark.parametrize(
    "forged", ["", "scribbled over", SEAL.close("{}")], ids=["", "scribble", "resealed"]
)
def test_what_was_changed_in_the_database_is_noticed(world: World, forged: str) -> None:
    case = world.open_case()
    record(world, case)
    with world.store.unit_of_work() as work:
        work.connection.execute(sa.update(complaints_table).values(evidence=forged))

    assert not evidence.export(world.store, world.staff("lena"), case).is_intact


def may_export(world: World, name: str, case: int) -> bool:
    try:
        evidence.export(world.store, world.staff(name), case)
    except NotAllowed:
        return False
    return True


def test_the_lead_and_the_data_protection_officer_read_it_and_nobody_else(world: World) -> None:
    load_roster(world.store, Roster(staff=(PRIYA,)))
    case = world.open_case()
    record(world, case, "sana")

    readers = {
        name
        for name in ("alice", "bob", "charlie", "lena", "max", "priya", "sana")
        if may_export(world, name, case)
    }
    assert readers == {"lena", "priya"}
    actions = [row["action"] for row in world.rows(audit)]
    assert actions.count("export-evidence") == 2
    assert actions.count("refused") == 5


def test_confidential_notes_are_frozen_whole_and_read_by_their_readers_only(world: World) -> None:
    load_roster(world.store, Roster(staff=(PRIYA,)))
    case = world.open_case()
    for readers in Readers:
        notes.add_note(world.store, world.by("alice"), case, f"Words for {readers}", readers)
    record(world, case, "sana")

    whole = evidence.export(world.store, world.staff("lena"), case)
    shown = evidence.export(world.store, world.staff("priya"), case)

    assert all(f"Words for {readers}" in whole.text for readers in Readers)
    assert whole.withheld == 0
    assert "Words for everybody" in shown.text
    assert "Words for caseworkers" not in shown.text
    assert "Words for lead" not in shown.text
    assert shown.withheld == 2
    kept = [row["note"] for row in json.loads(shown.text)["interventions"]]
    assert kept == ["Words for everybody", evidence.WITHHELD, evidence.WITHHELD]
    # What is fingerprinted is the whole, for every reader.
    assert shown.sha256 == whole.sha256 == fingerprint(whole.text)
    assert shown.is_intact
    by_action = world.rows(audit, action="export-evidence")
    assert [row["details"]["withheld"] for row in by_action] == [0, 2]


@pytest.mark.parametrize("name", ["lena", "priya"])
def test_not_even_they_where_it_is_about_them(world: World, name: str) -> None:
    load_roster(world.store, Roster(staff=(PRIYA,)))
    case = world.open_case()
    record(world, case, name)

    assert not may_export(world, name, case)


def test_without_a_complaint_nothing_was_kept(world: World) -> None:
    case = world.open_case()

    with pytest.raises(NotPossibleNow, match="No complaint about LANG-1 is recorded"):
        evidence.export(world.store, world.staff("lena"), case)


def test_of_an_earlier_complaint_the_fingerprint_is_in_the_next_ones_evidence(
    world: World,
) -> None:
    case = world.open_case()
    record(world, case)
    first = evidence.export(world.store, world.staff("lena"), case)
    record(world, case)

    second = json.loads(evidence.export(world.store, world.staff("lena"), case).text)

    assert [row["evidence_hash"] for row in second["complaints"]] == [first.sha256]
