"""Rules for everyday actions on a case, apart from writing to its student."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st
from hypothesis.stateful import rule

from store.actions.cases import add_note as notes
from store.actions.cases import ask_for_views as asking
from store.actions.cases import assign as ownership
from store.actions.cases import close as closing
from store.actions.cases import discuss as discussion
from store.actions.cases import log_attempt as attempts
from store.actions.cases import pause as resting
from store.actions.cases import refer as referring
from store.actions.cases import reopen as reopening
from store.actions.request import AlreadyDone
from store.actions.students import exempt as exempting
from store.actions.students.exempt import Exemption
from store.rules.access.confidentiality import Readers
from store.rules.errors import CaseworkError
from store.rules.model import (
    AttemptResult,
    ExemptionKind,
    InterventionKind,
    Opinion,
    Outcome,
    Rung,
)
from store.tables import interventions
from tests.store.colleagues.stage import CASES, PEOPLE, Stage, allowed_or_not


class Everyday(Stage):
    """Take, discuss, log, pause and close cases."""

    @rule(who=PEOPLE, case=CASES, stale=st.integers(0, 3))
    def take(self, who: str, case: int, stale: int) -> None:
        with allowed_or_not():
            seen = self.world.case(case).version - stale
            ownership.take_case(self.world.store, self.world.by(who), case, seen)

    @rule(who=PEOPLE, case=CASES, owner=PEOPLE)
    def assign(self, who: str, case: int, owner: str) -> None:
        with allowed_or_not():
            ownership.assign_case(
                self.world.store, self.world.by(who), case, self.world.staff(owner)
            )

    @rule(who=PEOPLE, case=CASES, opinion=st.sampled_from(Opinion))
    def give_view(self, who: str, case: int, opinion: Opinion) -> None:
        with allowed_or_not():
            self.world.give_view(case, who, opinion)

    @rule(who=PEOPLE, case=CASES, asked=PEOPLE, noted=st.booleans())
    def ask_or_note(self, who: str, case: int, asked: str, noted: bool) -> None:
        with allowed_or_not():
            store, by = self.world.store, self.world.by(who)
            if noted:
                notes.add_note(store, by, case, "Prefers afternoons", Readers.EVERYBODY)
            else:
                asking.ask_colleagues(store, by, case, [self.world.staff(asked)])

    @rule(who=PEOPLE, case=CASES, click=st.integers(0, 5))
    def log_with_a_click_that_may_come_again(self, who: str, case: int, click: int) -> None:
        before = len(self.world.rows(interventions))
        try:
            discussion.log_intervention(
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

    @rule(
        who=PEOPLE,
        case=CASES,
        rung=st.sampled_from([Rung.PHONE, Rung.DIGITAL_TRACES]),
        result=st.sampled_from(AttemptResult),
    )
    def attempt(self, who: str, case: int, rung: Rung, result: AttemptResult) -> None:
        with allowed_or_not():
            attempts.log_attempt(self.world.store, self.world.by(who), case, rung, result)

    @rule(who=PEOPLE, case=CASES, consented=st.booleans())
    def refer(self, who: str, case: int, consented: bool) -> None:
        with allowed_or_not():
            referring.refer_student(
                self.world.store, self.world.by(who), case, "advice", consented=consented
            )

    @rule(who=PEOPLE, case=CASES, outcome=st.sampled_from(Outcome))
    def close(self, who: str, case: int, outcome: Outcome) -> None:
        with allowed_or_not():
            closing.close_case(self.world.store, self.world.by(who), case, outcome)
            self.keep_closed(case)

    @rule(who=PEOPLE, case=CASES)
    def reopen(self, who: str, case: int) -> None:
        """Reopen a case. If the student has a newer case, it is merged into that one."""
        with allowed_or_not():
            reopening.reopen_case(self.world.store, self.world.by(who), case)
            self.closed.pop(case, None)

    @rule(who=PEOPLE, case=CASES, days=st.integers(-1, 20), only_quiet=st.booleans())
    def pause_or_snooze(self, who: str, case: int, days: int, only_quiet: bool) -> None:
        until = self.world.today + dt.timedelta(days=days)
        with allowed_or_not():
            if only_quiet:
                resting.snooze_case(self.world.store, self.world.by(who), case, until)
            else:
                resting.pause_case(
                    self.world.store, self.world.by(who), case, until, "Away for now"
                )

    @rule(who=PEOPLE, case=CASES)
    def resume(self, who: str, case: int) -> None:
        with allowed_or_not():
            resting.resume_case(self.world.store, self.world.by(who), case)

    @rule(who=PEOPLE, case=CASES, days=st.integers(-1, 5))
    def exempt(self, who: str, case: int, days: int) -> None:
        with allowed_or_not():
            if days < 0:
                exempting.end_exemption(self.world.store, self.world.by(who), case)
            else:
                last = self.world.today + dt.timedelta(days=days)
                wanted = Exemption(
                    ExemptionKind.PLACEMENT, self.world.today, last, "A term abroad now"
                )
                exempting.exempt_student(self.world.store, self.world.by(who), case, wanted)
