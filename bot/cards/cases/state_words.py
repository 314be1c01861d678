"""The word and icon of a case's state: the same on its card and in every list of cases."""

from __future__ import annotations

import datetime as dt

from bot.cards.kit.model import StateIcon
from store.queries.cases.lists import CaseLine
from store.queries.cases.records import CaseView
from store.rules.calendar import Calendar
from store.rules.model import CaseStatus, OutreachStatus
from store.rules.text.formatting import day_ahead, on_day

MAIL_DECIDES = frozenset(
    {CaseStatus.OPEN, CaseStatus.DISCUSSING, CaseStatus.AGREED, CaseStatus.IN_CONTACT}
)
_STATES = {
    CaseStatus.OPEN: ("New", StateIcon.NEW),
    CaseStatus.DISCUSSING: ("In discussion", StateIcon.DISCUSSION),
    CaseStatus.AGREED: ("Ready to contact", StateIcon.DISCUSSION),
    CaseStatus.IN_CONTACT: ("Email sent", StateIcon.SENT),
    CaseStatus.RESPONDED: ("Student answered", StateIcon.ANSWERED),
    CaseStatus.RE_ENGAGING: ("Re-engaging", StateIcon.RETURNING),
    CaseStatus.REFERRED: ("Referred", StateIcon.REFERRED),
    CaseStatus.HANDED_OVER: ("Handed over", StateIcon.REFERRED),
    CaseStatus.PAUSED: ("Paused", StateIcon.PAUSED),
    CaseStatus.CLOSED: ("Closed", StateIcon.CLOSED),
    CaseStatus.MERGED: ("Merged", StateIcon.CLOSED),
}


def state_of(status: CaseStatus) -> tuple[str, StateIcon]:
    """Return the word and the icon of a status alone, such as for a filter."""
    return _STATES[status]


def state_of_line(line: CaseLine) -> tuple[str, StateIcon]:
    """Return the word and the icon of a case in a list: those of the case's own card."""
    if line.status is CaseStatus.MERGED:
        into = f" into {line.merged_into}" if line.merged_into else ""
        return f"Merged{into}", StateIcon.CLOSED
    if line.status is CaseStatus.CLOSED:
        how = f": {line.outcome.label}" if line.outcome else ""
        return f"Closed{how}", StateIcon.CLOSED
    return _stopped(line) or _moving(line)


def _stopped(line: CaseLine) -> tuple[str, StateIcon] | None:
    """Return the state of a case on which nothing about engagement is sent for now."""
    if line.is_stopped:
        return "No contact about engagement", StateIcon.STOP
    if line.status is CaseStatus.PAUSED:
        until = (
            f" until {day_ahead(line.paused_until, line.opened_on)}" if line.paused_until else ""
        )
        return f"Paused{until}", StateIcon.PAUSED
    if line.status is CaseStatus.RESPONDED:
        return None
    if line.exempt is not None:
        return f"Exempt: {line.exempt.label}", StateIcon.PAUSED
    if line.snoozed_until is not None:
        return f"Snoozed until {day_ahead(line.snoozed_until, line.opened_on)}", StateIcon.PAUSED
    return None


def _moving(line: CaseLine) -> tuple[str, StateIcon]:
    if line.is_over:
        return "Reasons ended", StateIcon.RETURNING
    if line.status is CaseStatus.REFERRED and line.service:
        return f"Referred to {line.service}", StateIcon.REFERRED
    if line.status in MAIL_DECIDES:
        if line.has_draft:
            return "Email to approve", StateIcon.DRAFT
        if line.is_leaving:
            return "Email approved", StateIcon.SENT
        if line.status is CaseStatus.IN_CONTACT and not line.was_sent:
            # A phone call is contact too.
            return "In contact", StateIcon.SENT
    return _STATES[line.status]


def leaving(at: dt.datetime | None, calendar: Calendar) -> str:
    """Say when an approved email is sent: at the end of the quiet hours, or soon."""
    opens = at and calendar.local(at)
    if opens is None or opens.time() != calendar.quiet_until:
        return "will be sent soon"
    return f"will be sent on {on_day(opens.date())} at {opens:%H:%M}"


def case_line(view: CaseView) -> CaseLine:
    """Return a whole case as one line of a list."""
    mails = {mail.status for mail in view.mails}
    case = view.case
    return CaseLine(
        id=case.id,
        reference=case.reference,
        school=case.school,
        status=case.status,
        owner=view.owner,
        opened_on=case.opened_on,
        reasons=(),
        families=0,
        has_draft=OutreachStatus.DRAFT in mails,
        complaint=case.has_own_complaint,
        is_stopped=case.complaint,
        is_leaving=OutreachStatus.APPROVED in mails,
        was_sent=OutreachStatus.SENT in mails,
        service=view.referrals[-1].service if view.referrals else "",
        exempt=view.exempt,
        paused_until=case.paused_until,
        snoozed_until=case.snoozed_until,
        outcome=case.outcome,
        merged_into=view.merged_into or "",
        is_over=bool(view.ended_reasons) and case.status in MAIL_DECIDES,
    )
