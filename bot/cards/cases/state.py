"""The state of a case, and its status line: who acts next, what they do, and until when.

The state is a word with an icon. The status line never says it again; it has 14 words at most.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from bot.cards.kit.model import StateIcon, StatusLine, Title
from store.queries.cases.records import CaseView
from store.rules.calendar import Calendar
from store.rules.cases.case import Actor
from store.rules.model import CaseStatus, Opinion, OutreachStatus
from store.rules.text.formatting import counted, on_day, short_day

SEE_DETAILS = " · see Details"
"""On a card, which folds the reason away. A window has no Details: it says the reason itself."""
NO_OWNER = "No owner yet"

OPINIONS = {
    Opinion.CONTACT_NOW: "contact now",
    Opinion.WAIT: "wait",
    Opinion.NOT_APPROPRIATE: "contact is not appropriate",
    Opinion.EXEMPTION: "the student should be exempt",
    Opinion.DATA_QUESTION: "the data needs checking",
}


@dataclass(frozen=True, slots=True)
class Around:
    """What the school's policy and roster add to a case's card.

    ``ladder`` is the state of the contact ladder in a sentence. ``waits_until`` is the day before
    which it asks for nothing, ``view_by`` the day by which a first view is due; None for none.
    ``asked`` are the colleagues asked for a view.
    """

    ladder: str = ""
    waits_until: dt.date | None = None
    view_by: dt.date | None = None
    asked: tuple[str, ...] = ()
    is_exhausted: bool = False
    """Whether every possible contact step was tried, and no wait is left."""
    is_on_hold: bool = False
    """Whether the student was in touch, so that no contact step is due."""


def title_of(view: CaseView) -> Title:
    """Give the case's reference and state, with the icon of the state."""
    state, icon = _ended(view) or _stopped(view) or _moving(view)
    return Title(view.case.reference, state, icon)


def _ended(view: CaseView) -> tuple[str, StateIcon] | None:
    if view.case.status is CaseStatus.MERGED:
        into = f" into {view.merged_into}" if view.merged_into else ""
        return f"Merged{into}", StateIcon.CLOSED
    if view.case.status is CaseStatus.CLOSED:
        how = f": {view.case.outcome.label}" if view.case.outcome else ""
        return f"Closed{how}", StateIcon.CLOSED
    return None


def _stopped(view: CaseView) -> tuple[str, StateIcon] | None:
    """Give the state of a case on which nothing about engagement is sent for now."""
    case = view.case
    if case.complaint:
        return "Do not contact", StateIcon.STOP
    if case.status is CaseStatus.PAUSED:
        until = f" until {on_day(case.paused_until)}" if case.paused_until else ""
        return f"Paused{until}", StateIcon.PAUSED
    if case.status is CaseStatus.RESPONDED:
        return None
    if view.exempt is not None:
        return f"Exempt: {view.exempt.label}", StateIcon.PAUSED
    if case.snoozed_until is not None:
        return f"Snoozed until {on_day(case.snoozed_until)}", StateIcon.PAUSED
    return None


def _moving(view: CaseView) -> tuple[str, StateIcon]:
    status = view.case.status
    if status is CaseStatus.REFERRED and view.referrals:
        return f"Referred to {view.referrals[-1].service}", StateIcon.REFERRED
    drafted = has_draft(view)
    if status is CaseStatus.IN_CONTACT and not drafted and not _was_sent(view):
        return "In contact", StateIcon.SENT
    return state_of(status, has_draft=drafted)


_DRAFT_DECIDES = frozenset(
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


def state_of(status: CaseStatus, *, has_draft: bool = False) -> tuple[str, StateIcon]:
    """Give the word and the icon of a status, for a list of cases, as the case's card has them."""
    if has_draft and status in _DRAFT_DECIDES:
        return "Email to approve", StateIcon.DRAFT
    return _STATES[status]


def has_draft(view: CaseView) -> bool:
    """Say whether an email waits to be approved."""
    return any(mail.status is OutreachStatus.DRAFT for mail in view.mails)


def _was_sent(view: CaseView) -> bool:
    return any(mail.status is OutreachStatus.SENT for mail in view.mails)


def status_line(
    view: CaseView, around: Around, calendar: Calendar, person: Actor | None = None
) -> StatusLine:
    """Say who acts next, what they do, and since or until when."""
    case = view.case
    if case.is_closed and not case.has_own_complaint:
        on = view.closed_at and calendar.local(view.closed_at).date()
        return StatusLine(view.owner or "No owner", f"· {on_day(on)}" if on else "")
    if case.complaint:
        by = f" · by {on_day(view.informal_by)}" if view.informal_by else ""
        return StatusLine("The lead", f"resolves the complaint next{by}")
    if case.status is CaseStatus.HANDED_OVER:
        return StatusLine("This school", "acknowledges the case next")
    return _owed(view, calendar, person) or _quiet(view, around) or _next(view, around, person)


def _owed(view: CaseView, calendar: Calendar, person: Actor | None) -> StatusLine | None:
    """Say what the student is owed: an answer, or that their answer is read."""
    waiting = [each.at for each in view.said if each.waits]
    if waiting:
        since = short_day(calendar.local(min(waiting)).date())
        return _does(view, person, "answer the student", f"since {since}")
    if view.doubts:
        return _does(view, person, "check the reply")
    if view.case.status is CaseStatus.RESPONDED:
        at = view.answered_at[-1] if view.answered_at else None
        since = f"waiting since {short_day(calendar.local(at).date())}" if at else ""
        return _does(view, person, "read the answer", since)
    if view.left_on and not view.case.has_own_complaint:
        return _does(view, person, "close the case", "the student left")
    return None


def _quiet(view: CaseView, around: Around) -> StatusLine | None:
    """Say until when nothing is to be done; None where something is."""
    case = view.case
    who = view.owner or NO_OWNER
    if case.status is CaseStatus.PAUSED or case.snoozed_until or view.exempt is not None:
        return StatusLine(who, "· no action for now")
    if around.waits_until and case.status is CaseStatus.IN_CONTACT and not has_draft(view):
        return StatusLine(who, f"· no action before {on_day(around.waits_until)}")
    if case.status is CaseStatus.REFERRED:
        return StatusLine(who, "· waiting for the service")
    return None


def _next(view: CaseView, around: Around, person: Actor | None) -> StatusLine:
    if has_draft(view):
        return _about_the_draft(view, around, person)
    match view.case.status:
        case CaseStatus.OPEN | CaseStatus.DISCUSSING if not view.views:
            by = f" by {on_day(around.view_by)}" if around.view_by else ""
            return StatusLine(view.owner or NO_OWNER, f"· needs 1 view{by or _asked(around)}")
        case CaseStatus.OPEN | CaseStatus.DISCUSSING:
            return _does(view, person, "decide")
        case CaseStatus.AGREED:
            return _does(view, person, "draft the email")
        case CaseStatus.RE_ENGAGING:
            return _does(view, person, "close the case", "the flags have cleared")
        case _:
            return _next_step(view, around)


def _next_step(view: CaseView, around: Around) -> StatusLine:
    """Say what comes next on the contact ladder: a step, the lead's decision, or nothing."""
    if around.is_exhausted:
        return StatusLine("The lead", "decides next · every contact step was tried")
    said = "contact steps are on hold" if around.is_on_hold else "the next contact step is due"
    return StatusLine(view.owner or NO_OWNER, f"· {said}")


def _about_the_draft(view: CaseView, around: Around, person: Actor | None) -> StatusLine:
    """Say what the draft needs: a view, or a colleague who approves it."""
    draft = view.ready.draft if view.ready else None
    if view.ready is None or draft is None:
        return StatusLine("A colleague", "reads and approves the email next")
    if draft.hindrance:
        return StatusLine("The email", f"cannot be approved now{SEE_DETAILS}")
    if needs := view.ready.missing_line(person):
        return StatusLine("", needs.replace(", not from", " · not from") + _asked(around))
    if person is not None and draft.can_be_approved(person.id):
        return StatusLine("You", "can read and approve the email next")
    return StatusLine("A colleague", "reads and approves the email next")


def _does(view: CaseView, person: Actor | None, does: str, when: str = "") -> StatusLine:
    """Say that the owner does it next, to the owner as "You"; without one, that it needs one."""
    end = f" · {when}" if when else ""
    if person is not None and person.id == view.case.owner:
        return StatusLine("You", f"{does} next{end}")
    verb, _, rest = does.partition(" ")
    does = f"{verb}s {rest}".rstrip()
    if view.owner:
        return StatusLine(view.owner, f"{does} next{end}")
    return StatusLine(NO_OWNER, f"· the owner {does}{end}")


def _asked(around: Around) -> str:
    return f" · asked {around.asked[-1]}" if around.asked else ""


def opinions(view: CaseView) -> str:
    """Count the views by what they say: ``2 views: 1 contact now, 1 wait``; '' for none.

    Of each colleague the newest counts.
    """
    given = view.newest_views
    if not given:
        return ""
    counts = Counter(each.opinion for each in given)
    each = ", ".join(f"{number} {OPINIONS[what]}" for what, number in counts.items())
    return f"{counted(len(given), 'view')}: {each}"
