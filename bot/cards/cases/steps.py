"""The steps taken on a case, one line each, for its card."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cards.cases.state_words import leaving
from bot.cards.kit.model import Divider, Part, Text, TextStyle
from bot.cards.students import saying_line
from store.queries.cases.records import (
    AttemptView,
    CaseView,
    InterventionView,
    MailView,
    ReferralView,
)
from store.rules.calendar import Calendar
from store.rules.cases.first_view import NO_VIEW_BEFORE
from store.rules.model import InterventionKind, OutreachStatus, Rung
from store.rules.text.formatting import counted, short_day

AUTOMATIC = "An automatic reply came, not an answer from the student."
_SHOWN = 6


def steps(view: CaseView, calendar: Calendar) -> Iterator[Part]:
    """List the steps taken on a case. The text of emails and answers never appears in a channel."""
    lines = [
        (done.at, early(done, f"{done.author} logged {LOGGED[done.kind]}"))
        for done in view.interventions
    ]
    lines += [(mail.at, mail_line(mail, calendar)) for mail in view.mails]
    lines += [(at, "The student answered. Read answer opens it.") for at in view.answered_at]
    lines += [(at, AUTOMATIC) for at in view.automatic_at]
    lines += [(each.at, saying_line(each)) for each in view.said]
    lines += [
        (tried.at, early(tried, f"{tried.author} tried {RUNGS[tried.rung]}: {tried.result.label}"))
        for tried in view.attempts
    ]
    lines += [(each.at, early(each, referral_line(each))) for each in view.referrals]
    lines += [
        (used.at, f"{used.used_by} used the welfare route; reviewed by {used.reviewed_by}")
        for used in view.emergencies
        if used.reviewed_by
    ]
    lines += [
        (alert.at, f"{alert.from_school} alerted the home school; seen by {alert.acknowledged_by}")
        for alert in view.alerts
        if alert.acknowledged_by
    ]
    if lines:
        yield Divider()
    earlier = len(lines) - _SHOWN
    if earlier > 0:
        yield Text(f"{counted(earlier, 'earlier step')}: Show lists them all", TextStyle.SUBTLE)
    for at, said in sorted(lines)[-_SHOWN:]:
        yield Text(f"{short_day(calendar.local(at).date())} · {said}", TextStyle.SUBTLE)


def early(step: InterventionView | AttemptView | ReferralView, said: str) -> str:
    """Add to the line of a step that no colleague had given a view before it, if that is so."""
    return f"{said.removesuffix('.')}. {NO_VIEW_BEFORE}" if step.came_first else said


def referral_line(referral: ReferralView) -> str:
    """Say which service, and whether the student agreed."""
    if referral.consented:
        return f"{referral.author} referred the student to: {referral.service}"
    return f"{referral.author} pointed the student to: {referral.service}"


def mail_line(mail: MailView, calendar: Calendar) -> str:
    """Say in which state an email is, without its text."""
    if mail.status is OutreachStatus.DRAFT and mail.prepared:
        return f"No answer in time: the next email is drafted for {mail.drafter} to read"
    if mail.status is OutreachStatus.CANCELLED and mail.not_sent:
        return f"The email was not sent: {mail.not_sent}"
    if mail.status is OutreachStatus.APPROVED:
        return f"{mail.approver} approved the email; it {leaving(mail.leaves, calendar)}"
    return _MAILS[mail.status].format(drafter=mail.drafter, approver=mail.approver)


_MAILS = {
    OutreachStatus.DRAFT: "{drafter} drafted an email; a colleague may open and approve it",
    OutreachStatus.SENT: "Email sent to the student, approved by {approver}",
    OutreachStatus.BOUNCED: "The email bounced: it has not reached the student",
    OutreachStatus.UNKNOWN: (
        "It is unknown whether the email was sent. Check the mailbox before you do more"
    ),
    OutreachStatus.CANCELLED: "The email was cancelled and not sent",
}

RUNGS = {
    Rung.UNIVERSITY_EMAIL: "the university address",
    Rung.PERSONAL_EMAIL: "the personal address",
    Rung.PHONE: "a call",
    Rung.DIGITAL_TRACES: "digital traces",
}

LOGGED = {
    InterventionKind.MEETING: "a meeting",
    InterventionKind.CALL: "a call",
    InterventionKind.RESOURCE: "a resource suggested to the student",
    InterventionKind.REFERRAL: "a referral",
    InterventionKind.ADJUSTMENT: "an adjustment",
    InterventionKind.NOTE: "a note",
}
