"""What was done on a case, a line each, as its card shows it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cards.kit.model import CardBlock, Divider, Text, TextStyle
from bot.cards.students import saying_line
from store.queries.cases.records import CaseView, MailView, ReferralView
from store.rules.calendar import Calendar
from store.rules.model import InterventionKind, OutreachStatus, Rung
from store.rules.text.formatting import counted, short_day

_SHOWN = 6


def steps(view: CaseView, calendar: Calendar) -> Iterator[CardBlock]:
    """What was done, a line each. The words of mails and answers never stand in a channel."""
    lines = [(done.at, f"{done.author} logged {LOGGED[done.kind]}") for done in view.interventions]
    lines += [(mail.at, mail_line(mail)) for mail in view.mails]
    lines += [(at, "The student answered. Reveal opens the answer.") for at in view.answered_at]
    lines += [(each.at, saying_line(each)) for each in view.said]
    lines += [
        (tried.at, f"{tried.author} tried {RUNGS[tried.rung]}: {tried.result.label}")
        for tried in view.attempts
    ]
    lines += [(each.at, referral_line(each)) for each in view.referrals]
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


def referral_line(referral: ReferralView) -> str:
    """To whom, and whether the student agreed."""
    if referral.consented:
        return f"{referral.author} referred the student to: {referral.service}"
    return f"{referral.author} pointed the student to: {referral.service}"


def mail_line(mail: MailView) -> str:
    """How far a mail has come, without its words."""
    if mail.status is OutreachStatus.DRAFT and mail.prepared:
        return f"The wait is over: the next mail is drafted for {mail.drafter} to read"
    if mail.status is OutreachStatus.CANCELLED and mail.not_sent:
        return f"The mail was not sent: {mail.not_sent}"
    return _MAILS[mail.status].format(drafter=mail.drafter, approver=mail.approver)


_MAILS = {
    OutreachStatus.DRAFT: "{drafter} drafted a mail; a colleague may open and approve it",
    OutreachStatus.APPROVED: "{approver} approved the mail; it is about to leave",
    OutreachStatus.SENT: "Mail sent to the student, approved by {approver}",
    OutreachStatus.BOUNCED: "The mail bounced: it has not reached the student",
    OutreachStatus.UNKNOWN: (
        "It is not known whether the mail left. Look in the mailbox before you do more"
    ),
    OutreachStatus.CANCELLED: "The mail was cancelled and not sent",
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
    InterventionKind.RESOURCE: "a resource that was pointed to",
    InterventionKind.REFERRAL: "a referral",
    InterventionKind.ADJUSTMENT: "an adjustment",
    InterventionKind.NOTE: "a note",
}
