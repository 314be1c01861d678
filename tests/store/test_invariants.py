"""Whatever colleagues do, in whatever order, allowed or not: what must always hold, holds."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from store import outbox
from store.casework import (
    answers,
    closing,
    complaints,
    discussion,
    exempting,
    ownership,
    reopening,
    resting,
    sending,
)
from store.casework import outreach as mail
from store.casework.complaints import Complaint
from store.casework.exempting import Exemption
from store.casework.request import AlreadyDone
from store.queries.exemptions import exemption_on
from store.rules.case import Outreach
from store.rules.errors import CaseworkError
from store.rules.model import (
    ENDED_CASES,
    CaseStatus,
    ExemptionKind,
    InterventionKind,
    Opinion,
    OutboxKind,
    OutboxState,
    Outcome,
    OutreachStatus,
)
from store.rules.outreach import text_hash
from store.tables import interventions, outreach
from tests.people import REASON, SUBJECT, finding
from tests.world import World, world_in

PEOPLE = st.sampled_from(["alice", "sana", "lena", "bob", "charlie"])
COLLEAGUES = st.sampled_from(["alice", "sana", "bob"])
WRITERS = st.sampled_from(["alice", "sana"])
CASES = st.integers(1, 3)
"""The first two are Languages' from the beginning; a third may be opened, or not exist."""
APPROVED = {OutreachStatus.APPROVED, OutreachStatus.SENT, OutreachStatus.UNKNOWN}
FROZEN = ("status", "outcome", "outcome_note", "owner_id", "closed_at", "weeks")
"""What a closed case keeps. Its version and time of change tell cards about late answers."""


class Colleagues(RuleBasedStateMachine):
    """Random people do random things to the cases of three students, and a worker sends."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.world: World
        self.now: dict[str, list[dict[str, Any]]] = {}
        self.opened: dict[int, tuple[int, str]] = {}
        self.closed: dict[int, dict[str, Any]] = {}
        self.hung_on_closed: dict[int, Counter[str]] = {}

    @initialize()
    def begin(self) -> None:
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.world = self.stack.enter_context(world_in(f"sqlite:///{Path(folder) / 'a.db'}"))
        self.world.screen(*(finding(self.world.student(name)) for name in ("dana", "eli")))

    def teardown(self) -> None:
        self.stack.close()

    # -- What happens --------------------------------------------------------------------------

    @rule(who=PEOPLE, case=CASES, stale=st.integers(0, 3))
    def take(self, who: str, case: int, stale: int) -> None:
        with suppress(CaseworkError):
            seen = self.world.case(case).version - stale
            ownership.take(self.world.store, self.world.by(who), case, seen)

    @rule(who=PEOPLE, case=CASES, owner=PEOPLE)
    def assign(self, who: str, case: int, owner: str) -> None:
        with suppress(CaseworkError):
            ownership.assign(self.world.store, self.world.by(who), case, self.world.staff(owner))

    @rule(who=PEOPLE, case=CASES, opinion=st.sampled_from(Opinion))
    def give_view(self, who: str, case: int, opinion: Opinion) -> None:
        with suppress(CaseworkError):
            discussion.add_view(self.world.store, self.world.by(who), case, opinion, REASON)

    @rule(who=PEOPLE, case=CASES, click=st.integers(0, 5))
    def log_with_a_click_that_may_come_again(self, who: str, case: int, click: int) -> None:
        before = len(self.world.rows(interventions))
        try:
            discussion.log(
                self.world.store,
                self.world.by(who, f"log-{click}"),
                case,
                InterventionKind.CALL,
                f"click {click}",
            )
        except AlreadyDone:
            assert self.world.rows(interventions, note=f"click {click}")
        except CaseworkError:
            assert len(self.world.rows(interventions)) == before

    @rule(who=PEOPLE, case=CASES, words=st.sampled_from(["Hello", "How are you?"]))
    def write(self, who: str, case: int, words: str) -> None:
        with suppress(CaseworkError):
            mail.save_draft(self.world.store, self.world.by(who), case, SUBJECT, words)

    @rule(who=PEOPLE, case=CASES)
    def open_draft(self, who: str, case: int) -> None:
        with suppress(CaseworkError):
            seen = mail.open_draft(self.world.store, self.world.by(who), case)
            text = text_hash(seen.sender, seen.recipient, seen.subject, seen.body)
            self.opened[seen.id] = (self.world.staff(who), text)

    @rule(who=PEOPLE, case=CASES, which=st.integers(0, 4))
    def approve(self, who: str, case: int, which: int) -> None:
        """Any mail, or 0 for the draft that the case has."""
        with suppress(CaseworkError):
            drafts = self.world.rows(outreach, case_id=case, status=OutreachStatus.DRAFT)
            chosen = which or (drafts[0]["id"] if drafts else 1)
            mail.approve(self.world.store, self.world.by(who), case, chosen)

    @rule(
        case=CASES,
        viewer=COLLEAGUES,
        mail_by=st.tuples(WRITERS, WRITERS, WRITERS),
        then=st.sampled_from(["nothing", "rewrite", "close"]),
    )
    def try_all_of_it(
        self, case: int, viewer: str, mail_by: tuple[str, str, str], then: str
    ) -> None:
        """Every step by somebody: sometimes the right people, sometimes a way round a gate."""
        drafter, reader, approver = mail_by
        self.give_view(who=viewer, case=case, opinion=Opinion.WAIT)
        self.write(who=drafter, case=case, words="Hello")
        self.open_draft(who=reader, case=case)
        if then == "rewrite":
            self.write(who=drafter, case=case, words="Hello again")
        self.approve(who=approver, case=case, which=0)
        if then == "close":
            self.close(who=approver, case=case, outcome=Outcome.RE_ENGAGED)

    @rule(who=PEOPLE, case=CASES, outcome=st.sampled_from(Outcome))
    def close(self, who: str, case: int, outcome: Outcome) -> None:
        with suppress(CaseworkError):
            closing.close(self.world.store, self.world.by(who), case, outcome)
            self.now = self.world.dump()
            self.closed[case] = self.row_of(case)
            self.hung_on_closed[case] = self.hanging_on(case)

    @rule(who=PEOPLE, case=CASES)
    def reopen(self, who: str, case: int) -> None:
        with suppress(CaseworkError):
            reopening.reopen(self.world.store, self.world.by(who), case)
            self.closed.pop(case, None)

    @rule(who=PEOPLE, case=CASES, days=st.integers(-1, 20))
    def pause(self, who: str, case: int, days: int) -> None:
        with suppress(CaseworkError):
            until = self.world.today + dt.timedelta(days=days)
            resting.pause(self.world.store, self.world.by(who), case, until, "Away for a while")

    @rule(who=PEOPLE, case=CASES)
    def resume(self, who: str, case: int) -> None:
        with suppress(CaseworkError):
            resting.resume(self.world.store, self.world.by(who), case)

    @rule(who=PEOPLE, case=CASES, days=st.integers(0, 5))
    def exempt(self, who: str, case: int, days: int) -> None:
        with suppress(CaseworkError):
            last = self.world.today + dt.timedelta(days=days)
            wanted = Exemption(ExemptionKind.PLACEMENT, self.world.today, last, "A term abroad now")
            exempting.exempt(self.world.store, self.world.by(who), case, wanted)

    @rule(who=PEOPLE, case=CASES, about=PEOPLE)
    def complain(self, who: str, case: int, about: str) -> None:
        with suppress(CaseworkError):
            said = Complaint("The mail came twice", about=self.world.staff(about))
            complaints.record(self.world.store, self.world.by(who), case, said)
            if case in self.closed:
                self.now = self.world.dump()
                self.closed[case] = self.row_of(case)

    @rule(case=CASES)
    def resolve(self, case: int) -> None:
        with suppress(CaseworkError):
            complaints.resolve(
                self.world.store, self.world.by("lena"), case, "We have talked it over"
            )

    @rule(end=st.sampled_from(["sent", "unknown", "dies"]))
    def send(self, end: str) -> None:
        row = outbox.claim(self.world.store, OutboxKind.MAIL, "worker")
        if row is None:
            return
        checked = sending.check_before_sending(self.world.store, row)
        if checked:
            self.nothing_stands_in_the_way_of(checked.outreach)
        if checked and end == "sent":
            conversation = f"conversation-{row.outreach_id}"
            sending.record_sent(self.world.store, row, checked.outreach, conversation)
        elif checked and end == "unknown":
            sending.record_unknown(self.world.store, row, checked.outreach, "no answer")

    @rule(which=st.integers(1, 4), message=st.integers(0, 3))
    def answer(self, which: int, message: int) -> None:
        answers.record_answer(
            self.world.store,
            message=f"message-{which}-{message}",
            conversation=f"conversation-{which}",
            body="I am fine",
            received_at=self.world.clock.now,
        )
        for case in list(self.closed):
            if not self.world.case(case).is_closed:
                del self.closed[case]  # a student who writes makes it a question again

    @rule(
        hours=st.integers(0, 200),
        found=st.sets(
            st.sampled_from([("dana", ""), ("dana", "Essay"), ("eli", ""), ("mira", "")])
        ),
        school=st.sampled_from(["LANG", "MATH"]),
    )
    def screen(self, hours: int, found: set[tuple[str, str]], school: str) -> None:
        self.world.clock.forward(hours=hours)
        self.world.screen(
            *(finding(self.world.student(name), subject) for name, subject in sorted(found)),
            school=school,
        )

    # -- What must always hold -----------------------------------------------------------------

    @invariant()
    def all_of_it_holds(self) -> None:
        self.now = self.world.dump()
        self.a_student_has_one_open_case_at_most_and_every_flag_has_one()
        self.nothing_is_approved_that_others_have_not_discussed()
        self.whoever_approved_had_opened_exactly_that_text()
        self.an_approved_mail_is_in_the_outbox_once_and_no_other_is()
        self.a_closed_case_stays_as_it_was_closed_but_for_answers()
        self.the_audit_holds()

    def nothing_stands_in_the_way_of(self, sent: Outreach) -> None:
        """At the moment of sending: no pause, complaint or exemption, and never a second school."""
        case = self.world.case(sent.case)
        assert case.status not in (CaseStatus.PAUSED, CaseStatus.HANDED_OVER, CaseStatus.OPEN)
        assert not case.complaint
        with self.world.store.database.read() as connection:
            assert exemption_on(connection, case.student, self.world.today) is None
        assert sent.sender == "lang@example.ac.uk"
        assert sent.approver not in case.barred

    def a_student_has_one_open_case_at_most_and_every_flag_has_one(self) -> None:
        still_open = [
            row["student_id"] for row in self.now["cases"] if row["status"] not in ENDED_CASES
        ]
        assert len(still_open) == len(set(still_open))
        student = {row["id"]: row["student_id"] for row in self.now["cases"]}
        assert all(student[row["case_id"]] == row["student_id"] for row in self.now["flags"])

    def nothing_is_approved_that_others_have_not_discussed(self) -> None:
        for sent in self.approved():
            viewers = {
                view["author_id"]
                for view in self.now["views"]
                if view["case_id"] == sent["case_id"] and view["at"] <= sent["approved_at"]
            }
            assert viewers - {*sent["writers"], sent["drafter_id"], sent["approver_id"]}

    def whoever_approved_had_opened_exactly_that_text(self) -> None:
        for sent in self.approved():
            text = text_hash(sent["sender"], sent["recipient"], sent["subject"], sent["body"])
            assert self.opened[sent["id"]] == (sent["approver_id"], text)
            assert sent["body_hash"] == sent["opened_hash"] == text

    def an_approved_mail_is_in_the_outbox_once_and_no_other_is(self) -> None:
        asked = [row["outreach_id"] for row in self.mail_rows()]
        ever_approved = [row["id"] for row in self.now["outreach"] if row["approver_id"]]
        assert sorted(asked) == ever_approved
        state = {row["outreach_id"]: row["state"] for row in self.mail_rows()}
        for row in self.now["outreach"]:
            if row["status"] == OutreachStatus.SENT:
                assert state[row["id"]] == OutboxState.SENT
            if row["status"] == OutreachStatus.CANCELLED and row["approver_id"]:
                assert state[row["id"]] in (OutboxState.CANCELLED, OutboxState.SENDING)

    def a_closed_case_stays_as_it_was_closed_but_for_answers(self) -> None:
        for case, before in self.closed.items():
            after = self.row_of(case)
            assert [after[name] for name in FROZEN] == [before[name] for name in FROZEN]
            added = self.hanging_on(case) - self.hung_on_closed[case]
            assert set(added) <= {"replies"}
            about_to_leave = (OutreachStatus.DRAFT, OutreachStatus.APPROVED)
            mails = [row for row in self.now["outreach"] if row["case_id"] == case]
            assert not [row for row in mails if row["status"] in about_to_leave]

    def the_audit_holds(self) -> None:
        assert self.world.store.verify_audit() is None

    # -- Looking -------------------------------------------------------------------------------

    def approved(self) -> list[dict[str, Any]]:
        return [row for row in self.now["outreach"] if row["status"] in APPROVED]

    def mail_rows(self) -> list[dict[str, Any]]:
        return [row for row in self.now["outbox"] if row["kind"] == OutboxKind.MAIL]

    def row_of(self, case: int) -> dict[str, Any]:
        return next(row for row in self.now["cases"] if row["id"] == case)

    def hanging_on(self, case: int) -> Counter[str]:
        hanging = ("views", "interventions", "outreach", "replies", "flags")
        return Counter(
            table for table in hanging for row in self.now[table] if row["case_id"] == case
        )


Colleagues.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    # Not shrunk: a failure is shown within seconds, and thirty steps can be read.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
TestColleagues = Colleagues.TestCase
