"""Check that the audit explains every state: who did what, when, and with which permission.

Rows are read once, in order. What they say of each case must match the case's tables.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from store.rules.access.permissions import Action
from store.rules.model import CaseStatus
from tests.store.colleagues.schools import Schools

_NOT_YOURS = frozenset({"alert-home", "open"})
"""Actions open to staff of a school that only teaches the student."""
_IN_PLACE_OF_A_LEAD = frozenset({Action.RESOLVE, Action.REVIEW})


@dataclass
class Told:
    """A case as reconstructed from the audit."""

    school: int
    status: CaseStatus
    by: str
    at: dt.datetime
    barred: set[int] = field(default_factory=set)


class Explained(Schools):
    """Read the audit's new rows after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[int, Told] = {}
        self.read_up_to = 0

    def the_audit_explains_all_of_it(self) -> None:
        assert self.world.store.verify_audit() is None
        for row in self.now["audit"][self.read_up_to :]:
            kind, _, number = row["subject"].partition(":")
            if kind == "case" and row["action"] != "refused":
                self._somebody_could_do_this(row, int(number))
                self._read(row, int(number))
        self.read_up_to = len(self.now["audit"])
        assert {row["id"]: (row["status"], row["school_id"]) for row in self.now["cases"]} == {
            case: (told.status, told.school) for case, told in self.told.items()
        }
        for told in self.told.values():
            assert told.at <= self.world.clock.now
            assert told.by.partition(":")[0] in ("staff", "student", "system"), told.by
        about = {
            (row["case_id"], row["about_id"])
            for row in self.now["complaints"]
            if row["resolved_at"] is None and row["about_id"] is not None
        }
        assert about == {(case, each) for case, told in self.told.items() for each in told.barred}

    def _read(self, row: dict[str, Any], case: int) -> None:
        details = row["details"]
        if row["action"] == "open":
            self.told[case] = Told(details["school"], CaseStatus.OPEN, row["actor"], row["at"])
        told = self.told[case]
        if "status" in details:
            assert row["at"] >= told.at
            told.status, told.by, told.at = CaseStatus(details["status"]), row["actor"], row["at"]
        if row["action"] == "hand-over":
            told.school = details["to_school"]
        if row["action"] == "complaint" and details["about"] is not None:
            told.barred.add(details["about"])
        if row["action"] == "resolve-complaint":
            told.barred.clear()

    def _somebody_could_do_this(self, row: dict[str, Any], case: int) -> None:
        """Check that the actor is of the home school, without a complaint against them, or a
        deputy."""
        kind, _, number = row["actor"].partition(":")
        if kind != "staff" or row["action"] in _NOT_YOURS:
            return
        told, who = self.told[case], int(number)
        assert who not in told.barred, row["action"]
        if row["details"].get("deputy"):
            assert row["action"] in _IN_PLACE_OF_A_LEAD
            return
        assert who in {
            each["staff_id"]
            for each in self.now["staff_roles"]
            if each["school_id"] == told.school and each["role"] != "faculty-lead"
        }, row["action"]
