"""The last step of contact and Fitness to Study: Lantern shows the case, a named lead decides."""

from __future__ import annotations

import datetime as dt

from store.rules.model import AttemptResult, CaseStatus, NoticeKind
from store.tables import attempts, cases, fitness, notices, outbox
from tests.people import policy_document
from tests.worker.office import Office, words
from tests.worker.unanswered import (
    LADDER,
    TODAY,
    deliver,
    looks_at_traces,
    office,
    said,
    unanswered,
)
from worker.jobs.cases.fitness_to_study import surface_fitness

__all__ = ["office", "unanswered"]


def test_traces_are_looked_at_last_for_a_purpose_and_logged(office: Office) -> None:
    dialog = office.dialog("alice", "traces", 1)
    assert list(office.submits("alice", dialog, purpose="no").errors) == ["purpose"]
    assert office.world.rows(attempts) == []
    looked = said(office.submits("alice", dialog, purpose="Nobody can reach her"))
    assert "moodle: nothing seen; delivered up to Tuesday 2 December." in looked
    (row,) = office.world.rows(attempts)
    assert (row["result"], row["note"]) == (AttemptResult.NOTHING_SEEN, "Nobody can reach her")


def test_what_is_seen_is_said_and_logged(office: Office) -> None:
    deliver(
        office,
        TODAY - dt.timedelta(days=9),
        TODAY - dt.timedelta(days=9),
        seen=TODAY - dt.timedelta(days=9),
    )
    assert "last seen on Monday 24 November" in said(
        office.types("alice", "traces LANG-1 nobody can reach her")
    )
    assert office.world.rows(attempts)[0]["result"] == AttemptResult.TRACES_SEEN


def test_while_other_steps_are_left_nobody_looks(office: Office) -> None:
    office.world.publish(policy_document() + '[[ladder]]\nrung = "phone"\nwait_days = 1\n' + LADDER)
    assert "phone comes first" in said(office.types("alice", "traces LANG-1 nobody can reach her"))
    assert "you need to be" in said(office.types("bob", "traces LANG-1 nobody can reach her"))
    assert office.world.rows(attempts) == []


def test_before_the_end_of_the_ladder_it_is_not_recommended_and_says_why(office: Office) -> None:
    shown = words(office.types("lena", "fitness LANG-1").dialog)
    assert "It is not recommended now" in shown
    assert "The contact ladder is not finished: digital traces comes next." in shown
    refused = said(office.types("lena", "fitness LANG-1 invoke there is nothing else left"))
    assert "is not recommended now" in refused
    assert surface_fitness(office.services, office.world.today) == 0
    assert office.world.rows(fitness) == []


def test_it_surfaces_once_and_the_lead_decides(office: Office) -> None:
    looks_at_traces(office)
    for _ in range(2):
        surface_fitness(office.services, office.world.today)
    told = office.world.rows(notices, kind=NoticeKind.FITNESS)
    assert [row["staff_id"] for row in told] == [office.world.staff("lena")]
    assert office.world.case(1).status is CaseStatus.IN_CONTACT, "nothing happens by itself"
    office.works()
    (row,) = office.world.rows(outbox, notice_id=told[0]["id"])
    assert row["state"] == "sent"
    heard = [str(message.payload) for message in office.messages("direct:lena")]
    assert len([each for each in heard if "Fitness to Study" in each and "LANG-1" in each]) == 1
    assert not any("Dana" in each or "Dvorak" in each for each in heard)

    dialog = office.types("lena", "fitness LANG-1").dialog
    assert dialog
    assert "There has been no contact and no activity from" in words(dialog)
    assert "Dana" not in words(dialog)
    answers = {"decision": "invoke", "why": "Everything was tried for six weeks"}
    assert "is referred" in said(office.submits("lena", dialog, **answers))
    assert office.world.case(1).status is CaseStatus.REFERRED
    (row,) = office.world.rows(fitness)
    assert row["decided_by"] == office.world.staff("lena")
    assert "University email on" in row["summary"]


def test_a_second_look_at_traces_begins_no_new_wait(office: Office) -> None:
    """§16: every step was tried, so the next step is the lead's decision."""
    looks_at_traces(office)
    surface_fitness(office.services, office.world.today)
    assert "every contact step was tried" in words(office.types("alice", "show LANG-1").dialog)
    office.types("alice", "traces LANG-1 her tutor asked me to look once more")
    shown = words(office.types("lena", "fitness LANG-1").dialog)
    assert "not finished" not in shown
    assert "You decide whether it is right" in shown
    window = words(office.types("alice", "show LANG-1").dialog)
    assert "the next contact step is due" not in window
    assert "The lead" in window
    surface_fitness(office.services, office.world.today)
    assert len(office.world.rows(notices, kind=NoticeKind.FITNESS)) == 1, "told once"


def test_a_lead_may_say_not_now_and_is_not_asked_again(office: Office) -> None:
    looks_at_traces(office)
    reply = said(office.types("lena", "fitness LANG-1 not-now her mother rang yesterday"))
    assert "not now" in reply
    assert office.world.case(1).status is CaseStatus.IN_CONTACT
    assert surface_fitness(office.services, office.world.today) == 0


def test_only_a_lead_decides(office: Office) -> None:
    looks_at_traces(office)
    for name in ("alice", "sana", "bob", "max"):
        office.types(name, "fitness LANG-1 invoke there is nothing else left")
    assert office.world.rows(fitness) == []
    assert office.world.rows(cases)[0]["status"] == CaseStatus.IN_CONTACT
