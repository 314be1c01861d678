"""Rules for emails to a student, from draft to sending, and for the student's answers."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from store.actions.outreach import approve as mail
from store.actions.outreach import receive_reply as answers
from store.actions.outreach import record_sending, write_draft
from store.actions.outreach import return_draft as returning
from store.actions.outreach import send as sending
from store.actions.students.record_message import record_message
from store.delivery import claims
from store.queries.students.exemptions import exemption_on
from store.rules.cases.case import Outreach
from store.rules.model import (
    AnswerKind,
    CaseStatus,
    Opinion,
    OutboxKind,
    Outcome,
    OutreachStatus,
    Purpose,
)
from store.rules.outreach.checks import text_hash
from store.rules.students.messages import Said, Saying
from store.tables import outreach, schools, students
from tests.people import SUBJECT
from tests.store.colleagues.everyday import Everyday
from tests.store.colleagues.stage import CASES, COLLEAGUES, PEOPLE, WRITERS, allowed_or_not

PURPOSES = st.sampled_from(Purpose)


class Contact(Everyday):
    """Write, read, approve and send emails; receive answers, bounces and link messages."""

    @rule(
        who=PEOPLE,
        case=CASES,
        words=st.sampled_from(["Are you well? We can meet.", "How are you? Shall we talk?"]),
        purpose=PURPOSES,
    )
    def write(self, who: str, case: int, words: str, purpose: Purpose) -> None:
        with allowed_or_not():
            write_draft.save_draft(
                self.world.store, self.world.by(who), case, SUBJECT, words, purpose
            )

    @rule(who=PEOPLE, case=CASES)
    def open_draft(self, who: str, case: int) -> None:
        with allowed_or_not():
            seen = mail.open_draft(self.world.store, self.world.by(who), case)
            text = text_hash(seen.sender, seen.recipient, seen.subject, seen.body)
            self.opened[seen.id] = (self.world.staff(who), text)

    @rule(who=PEOPLE, case=CASES, which=st.integers(0, 4))
    def approve(self, who: str, case: int, which: int) -> None:
        """Approve email ``which``, or with 0 the case's current draft."""
        with allowed_or_not():
            drafts = self.world.rows(outreach, case_id=case, status=OutreachStatus.DRAFT)
            chosen = which or (drafts[0]["id"] if drafts else 1)
            why = {"why": "They asked me for a word"}
            mail.approve_email(self.world.store, self.world.by(who), case, chosen, why)

    @rule(who=PEOPLE, case=CASES)
    def send_back(self, who: str, case: int) -> None:
        with allowed_or_not():
            returning.return_draft(
                self.world.store, self.world.by(who), case, "a little shorter, please"
            )

    @rule(
        case=CASES,
        viewer=COLLEAGUES,
        mail_by=st.just(("sana", "alice", "alice")) | st.tuples(WRITERS, WRITERS, WRITERS),
        then=st.sampled_from(["nothing", "rewrite", "close", "send", "send", "answered"]),
    )
    def try_all_of_it(
        self, case: int, viewer: str, mail_by: tuple[str, str, str], then: str
    ) -> None:
        """Take every step in turn: sometimes by the right people, sometimes by people not
        permitted."""
        drafter, reader, approver = mail_by
        self.give_view(who=viewer, case=case, opinion=Opinion.WAIT)
        self.write(who=drafter, case=case, words="Hello", purpose=Purpose.ENGAGEMENT)
        self.open_draft(who=reader, case=case)
        if then == "rewrite":
            self.write(who=drafter, case=case, words="Hi there", purpose=Purpose.ENGAGEMENT)
        self.approve(who=approver, case=case, which=0)
        if then == "close":
            self.close(who=approver, case=case, outcome=Outcome.RE_ENGAGED)
        if then in ("send", "answered"):
            self.send(end="sent")
        if then == "answered":
            for each in range(1, 5):
                self.come_back(which=each, message=0, kind=AnswerKind.ANSWER)

    @rule(end=st.sampled_from(["sent", "unknown", "refused", "dies"]))
    def send(self, end: str) -> None:
        row = claims.claim(self.world.store, OutboxKind.MAIL, "worker")
        if row is None:
            return
        checked = sending.check_before_sending(self.world.store, row)
        if not checked:
            return
        going = checked.outreach
        self.nothing_stands_in_the_way_of(going)
        if end == "sent":
            record_sending.record_sent(
                self.world.store, row, going, f"conversation-{row.outreach_id}"
            )
        elif end == "unknown":
            record_sending.record_unknown(self.world.store, row, going, "no answer")
        elif end == "refused":
            record_sending.record_refused(self.world.store, row, going, "no such mailbox")

    @rule(which=st.integers(1, 4), message=st.integers(0, 3), kind=st.sampled_from(AnswerKind))
    def come_back(self, which: int, message: int, kind: AnswerKind) -> None:
        answers.record_reply(
            self.world.store,
            message=f"message-{which}-{message}",
            conversation=f"conversation-{which}",
            body="I am fine",
            received_at=self.world.clock.now,
            kind=kind,
        )
        self.forget_reopened()

    @rule(
        who=st.sampled_from(["dana", "eli", "mira"]),
        kind=st.sampled_from(
            [Saying.FINE, Saying.WRONG, Saying.TALK, Saying.OPT_OUT, Saying.OPT_IN, Saying.OPT_IN]
        ),
        key=st.integers(0, 9),
    )
    def say_something(self, who: str, kind: Saying, key: int) -> None:
        said = Said(self.world.student(who), kind, words="The register is not right")
        with allowed_or_not():
            record_message(self.world.store, said, f"{who}-{key}")
        self.forget_reopened()

    @rule()
    def prepare_the_next_mails(self) -> None:
        for code in ("LANG", "MATH"):
            self.world.follow_up(code)

    def nothing_stands_in_the_way_of(self, going: Outreach) -> None:
        """Check at the moment of sending: no pause, complaint or exemption, and one school only."""
        case = self.world.case(going.case)
        assert not case.is_closed
        if going.purpose is Purpose.ENGAGEMENT:
            assert case.status not in (CaseStatus.PAUSED, CaseStatus.HANDED_OVER, CaseStatus.OPEN)
            assert not case.complaint
            with self.world.store.database.read() as connection:
                assert exemption_on(connection, case.student, self.world.today) is None
        (student,) = self.world.rows(students, id=case.student)
        assert case.school == student["home_school_id"]
        (home,) = self.world.rows(schools, id=case.school)
        assert going.sender == f"{home['code'].lower()}@example.ac.uk"
        assert going.approver not in case.barred
