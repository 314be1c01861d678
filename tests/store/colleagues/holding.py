"""Invariants of cases and emails that are checked after every step."""

from __future__ import annotations

from typing import Any

from hypothesis.stateful import invariant

from store.rules.model import ENDED_CASES, OutboxKind, OutboxState, OutreachStatus, Purpose
from store.rules.outreach.checks import text_hash
from tests.store.colleagues.explained import Explained

_APPROVED = {
    OutreachStatus.APPROVED,
    OutreachStatus.SENT,
    OutreachStatus.BOUNCED,
    OutreachStatus.UNKNOWN,
}
_FROZEN = ("status", "outcome", "outcome_note", "owner_id", "closed_at", "weeks")
"""Fields that a closed case never changes. Its version and time of change do change, since they
tell cards about late answers."""


class Holding(Explained):
    """Check all invariants on one reading of all tables."""

    @invariant()
    def all_of_it_holds(self) -> None:
        self.now = self.world.dump()
        self.a_student_has_one_open_case_at_most_and_every_flag_has_one()
        self.nothing_is_approved_that_others_have_not_discussed()
        self.whoever_approved_had_opened_exactly_that_text()
        self.an_approved_mail_is_in_the_outbox_once_and_no_other_is()
        self.a_closed_case_stays_as_it_was_closed_but_for_answers()
        self.nobody_decides_on_what_they_did()
        self.who_is_away_covers_for_nobody()
        self.the_audit_explains_all_of_it()

    def a_student_has_one_open_case_at_most_and_every_flag_has_one(self) -> None:
        still_open = [
            row["student_id"] for row in self.now["cases"] if row["status"] not in ENDED_CASES
        ]
        assert len(still_open) == len(set(still_open))
        student = {row["id"]: row["student_id"] for row in self.now["cases"]}
        # After a case was closed, a flag may have no case yet: it waits for capacity (§3).
        assert all(
            student[row["case_id"]] == row["student_id"]
            for row in self.now["flags"]
            if row["case_id"] is not None
        )
        for row in self.now["cases"]:
            assert (row["status"] == "merged") == (row["merged_into"] is not None)
            assert (row["status"] in ENDED_CASES) == (row["outcome"] is not None)

    def nothing_is_approved_that_others_have_not_discussed(self) -> None:
        """Check that views came first; for welfare, that a named person recorded a concern."""
        for sent in self._approved():
            table = "emergencies" if sent["purpose"] == Purpose.WELFARE else "views"
            before = [
                row
                for row in self.now[table]
                if row["case_id"] == sent["case_id"] and row["at"] <= sent["approved_at"]
            ]
            if table == "emergencies":
                assert any(row["used_by"] and row["why"] for row in before)
            else:
                viewers = {row["author_id"] for row in before}
                assert viewers - {*sent["writers"], sent["drafter_id"], sent["approver_id"]}

    def whoever_approved_had_opened_exactly_that_text(self) -> None:
        for sent in self._approved():
            text = text_hash(sent["sender"], sent["recipient"], sent["subject"], sent["body"])
            assert self.opened[sent["id"]] == (sent["approver_id"], text)
            assert sent["body_hash"] == sent["opened_hash"] == text

    def an_approved_mail_is_in_the_outbox_once_and_no_other_is(self) -> None:
        rows = [row for row in self.now["outbox"] if row["kind"] == OutboxKind.MAIL]
        ever_approved = [row["id"] for row in self.now["outreach"] if row["approver_id"]]
        assert sorted(row["outreach_id"] for row in rows) == ever_approved
        state = {row["outreach_id"]: row["state"] for row in rows}
        for row in self.now["outreach"]:
            if row["status"] in (OutreachStatus.SENT, OutreachStatus.BOUNCED):
                assert state[row["id"]] == OutboxState.SENT
            if row["status"] == OutreachStatus.CANCELLED and row["approver_id"]:
                assert state[row["id"]] in (OutboxState.CANCELLED, OutboxState.SENDING)

    def a_closed_case_stays_as_it_was_closed_but_for_answers(self) -> None:
        for case, before in self.closed.items():
            after = self.row_of(case)
            assert [after[name] for name in _FROZEN] == [before[name] for name in _FROZEN]
            hanging = ("views", "interventions", "outreach", "replies", "flags", "attempts")
            added = self.hanging_on(case, hanging) - self.hung_on_closed[case]
            assert set(added) <= {"replies"}
            about_to_leave = (OutreachStatus.DRAFT, OutreachStatus.APPROVED)
            mails = [row for row in self.now["outreach"] if row["case_id"] == case]
            assert not [row for row in mails if row["status"] in about_to_leave]

    def nobody_decides_on_what_they_did(self) -> None:
        for row in self.now["emergencies"]:
            assert row["reviewed_by"] != row["used_by"]
        for row in self.now["complaints"]:
            assert row["about_id"] is None or row["resolved_by"] != row["about_id"]
            assert row["about_id"] is None or row["handler_id"] != row["about_id"]

    def who_is_away_covers_for_nobody(self) -> None:
        there = [row for row in self.now["covers"] if row["ended_at"] is None]
        for one in there:
            for other in there:
                if one["cover_id"] == other["absent_id"]:
                    assert one["last"] < other["first"] or other["last"] < one["first"]

    def _approved(self) -> list[dict[str, Any]]:
        return [row for row in self.now["outreach"] if row["status"] in _APPROVED]
