"""Say whether a draft or an approved email is still up to date, and has a reason."""

from __future__ import annotations

from store.queries.cases.contact_ladder import answered_rung
from store.queries.cases.ended_reasons import nothing_left
from store.queries.readiness.approval_basis import basis_of
from store.queries.readiness.check_contact import Moment
from store.queries.schools.staff import colleagues
from store.queries.students.messages import preference_of
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.cases.case import Case, Outreach
from store.rules.errors import NotPossibleNow
from store.rules.letters.approval_basis import (
    IN_YOUR_NAME,
    LEFT_LADDER,
    outdated,
    write_again,
    write_nothing,
)
from store.rules.model import Purpose, Rung
from store.rules.outreach.guards import preferred_rung
from store.rules.policies.policy import SchoolPolicy


def outdated_because(at: Moment, case: Case, mail: Outreach, policy: SchoolPolicy) -> str:
    """Return why the email has to be written again before approval or sending; '' if not."""
    return outdated(
        mail.drafted_on,
        basis_of(at, case, mail.purpose),
        institution_day(at.now),
        policy.outreach.records_last_days,
    )


def author_is_gone(at: Moment, case: Case, mail: Outreach) -> bool:
    """Return whether the email is in the name of a person who may not write to the student now:
    they have left, lost their role, or a complaint is about them."""
    writers = {each.id for each in colleagues(at.connection, case.school, Action.DRAFT)}
    return mail.drafter not in writers - case.barred


def written_again_because(at: Moment, case: Case, mail: Outreach, policy: SchoolPolicy) -> str:
    """Return why and how a colleague has to write the email again; '' where its words may stay."""
    if author_is_gone(at, case, mail):
        return IN_YOUR_NAME
    why = outdated_because(at, case, mail, policy)
    return write_again(why) if why else ""


def check_not_outdated(at: Moment, case: Case, mail: Outreach, policy: SchoolPolicy) -> None:
    """Check that an email is up to date and still has a reason.

    Raises ``NotPossibleNow`` where it has to be written again, or every reason for it has ended;
    the sentence says why.
    """
    if why := why_back(at, case, mail, policy):
        raise NotPossibleNow(why)


def why_back(at: Moment, case: Case, mail: Outreach, policy: SchoolPolicy) -> str:
    """Say why the email goes back to its author, and what they do; '' where it does not."""
    if over := nothing_left(at.connection, case.id, mail.purpose):
        return write_nothing(over)
    if _left_ladder(at, case, mail, policy):
        return LEFT_LADDER
    return written_again_because(at, case, mail, policy)


def _left_ladder(at: Moment, case: Case, mail: Outreach, policy: SchoolPolicy) -> bool:
    """Return whether the policy in force no longer writes to this other address (§15).

    Unless the student asked for it or answered from it.
    """
    if mail.purpose is Purpose.WELFARE or mail.rung is Rung.UNIVERSITY_EMAIL:
        return False
    wished = preferred_rung(preference_of(at.connection, case.student).way)
    allowed = {step.rung for step in policy.ladder} | {
        wished,
        answered_rung(at.connection, case),
    }
    return mail.rung not in allowed
