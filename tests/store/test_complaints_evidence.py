"""The evidence that a complaint preserves, who can read it, and detection of later changes."""

import json

import pytest
import sqlalchemy as sa

from store.actions.cases import add_note as notes
from store.actions.complaints import read_evidence as evidence
from store.actions.outreach.receive_reply import record_reply
from store.actions.schools.load_roster import load_roster
from store.actions.students.record_message import record_message
from store.rules.access.confidentiality import Readers
from store.rules.cases.frozen_evidence import evidence_fingerprint
from store.rules.errors import NotAllowed, NotPossibleNow
from store.rules.schools import Roster
from store.rules.students.messages import Said, Saying
from store.tables import audit
from store.tables import complaints as complaints_table
from store.tables import outreach as outreach_table
from tests.people import BODY, REASON
from tests.store.test_complaints import PRIYA, record
from tests.stores import SEAL
from tests.world import World


def test_the_evidence_is_everything_as_it_was_and_stays_so(world: World) -> None:
    case = world.open_case()
    world.approved_mail(case)
    mail = world.rows(outreach_table)[0]["id"]
    with world.store.unit_of_work() as work:
        named = sa.update(outreach_table).where(outreach_table.c.id == mail)
        work.connection.execute(named.values(conversation="conversation-1"))
    record_reply(
        world.store,
        message="m1",
        conversation="conversation-1",
        body="I was ill",
        received_at=world.clock.now,
    )
    record_message(world.store, Said(world.student("dana"), Saying.WRONG, "Not so"), "k1")
    record(world, case, "alice")

    kept = evidence.export_evidence(world.store, world.staff("lena"), case)

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

    # The evidence stays the same after every later change.
    world.give_view(case)
    assert evidence.export_evidence(world.store, world.staff("lena"), case).text == kept.text


@pytest.mark.parametrize(
    "forged", ["", "scribbled over", SEAL.close("{}")], ids=["", "scribble", "resealed"]
)
def test_what_was_changed_in_the_database_is_noticed(world: World, forged: str) -> None:
    case = world.open_case()
    record(world, case)
    with world.store.unit_of_work() as work:
        work.connection.execute(sa.update(complaints_table).values(evidence=forged))

    assert not evidence.export_evidence(world.store, world.staff("lena"), case).is_intact


def may_export(world: World, name: str, case: int) -> bool:
    try:
        evidence.export_evidence(world.store, world.staff(name), case)
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

    whole = evidence.export_evidence(world.store, world.staff("lena"), case)
    shown = evidence.export_evidence(world.store, world.staff("priya"), case)

    assert all(f"Words for {readers}" in whole.text for readers in Readers)
    assert whole.withheld == 0
    assert "Words for everybody" in shown.text
    assert "Words for caseworkers" not in shown.text
    assert "Words for lead" not in shown.text
    assert shown.withheld == 2
    kept = [row["note"] for row in json.loads(shown.text)["interventions"]]
    assert kept == ["Words for everybody", evidence.WITHHELD, evidence.WITHHELD]
    # The fingerprint covers the whole evidence, for every reader.
    assert shown.sha256 == whole.sha256 == evidence_fingerprint(whole.text)
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
        evidence.export_evidence(world.store, world.staff("lena"), case)


def test_of_an_earlier_complaint_the_fingerprint_is_in_the_next_ones_evidence(
    world: World,
) -> None:
    case = world.open_case()
    record(world, case)
    first = evidence.export_evidence(world.store, world.staff("lena"), case)
    record(world, case)

    second = json.loads(evidence.export_evidence(world.store, world.staff("lena"), case).text)

    assert [row["evidence_hash"] for row in second["complaints"]] == [first.sha256]
