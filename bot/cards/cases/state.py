"""The state of a case, and its status line: who acts next, what they do, and until when.

The state is a word with an icon. The status line never repeats it, and has 14 words at most.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from bot.cards.cases.state_words import MAIL_DECIDES, case_line, leaving, state_of_line
from bot.cards.kit.model import StatusLine, Title
from store.queries.cases.records import CaseView
from store.rules.access.deputies import ENROL
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
    ``views_needed`` is the number of views before an email.
    ``asked`` are the colleagues asked for a view.
    """

    ladder: str = ""
    waits_until: dt.date | None = None
    views_needed: int = 1
    view_by: dt.date | None = None
    asked: tuple[str, ...] = ()
    is_view_late: bool = False
    """Whether that day is over."""
    is_exhausted: bool = False
    """Whether every possible contact step was tried, and no wait is left."""
    is_on_hold: bool = False
    """Whether the student was in touch, so that no contact step is due."""


def title_of(view: CaseView) -> Title:
    """Return the case's reference and state, with the icon of the state."""
    return Title(view.case.reference, *state_of_line(case_line(view)))


def has_draft(view: CaseView) -> bool:
    """Return whether an email waits to be approved."""
    return any(mail.status is OutreachStatus.DRAFT for mail in view.mails)


class Turn(StrEnum):
    """Who acts next on a case: its owner, others, or no one for now."""

    OWNER = "owner"
    OTHERS = "others"
    NO_ONE = "no-one"


def status_line(
    view: CaseView, around: Around, calendar: Calendar, person: Actor | None = None
) -> StatusLine:
    """Say who acts next, what they do, and since or until when."""
    return next_turn(view, around, calendar, person)[1]


def next_turn(
    view: CaseView, around: Around, calendar: Calendar, person: Actor | None = None
) -> tuple[Turn, StatusLine]:
    """Decide who acts next, and build the status line that says so, for a card and for lists."""
    case = view.case
    if case.is_closed and not case.has_own_complaint:
        on = view.closed_at and calendar.local(view.closed_at).date()
        return Turn.NO_ONE, StatusLine(view.owner or "No owner", f"· {on_day(on)}" if on else "")
    if case.complaint:
        return Turn.OTHERS, _resolves(view)
    if case.status is CaseStatus.HANDED_OVER:
        return Turn.OTHERS, StatusLine("This school", "acknowledges the case next")
    if owed := _owed(view, calendar, person):
        return Turn.OWNER, owed
    if quiet := _quiet(view, around, calendar):
        return Turn.NO_ONE, quiet
    return _next(view, around, person)


def _resolves(view: CaseView) -> StatusLine:
    """Say who resolves the complaint. It is never the colleague named in it."""
    by = f" · by {on_day(view.informal_by)}" if view.informal_by else ""
    who = view.ready.resolver_names if view.ready else "The lead"
    if not who:
        return StatusLine("No one", f"can resolve the complaint yet: {ENROL}{by}")
    return StatusLine(who, f"resolves the complaint next{by}")


def _owed(view: CaseView, calendar: Calendar, person: Actor | None) -> StatusLine | None:
    """Say what the owner has to settle first: an answer that the student waits for or that no one
    has read, or the end of a case whose reasons are over. None where nothing is open."""
    waiting = [each.at for each in view.said if each.waits]
    if waiting:
        since = short_day(calendar.local(min(waiting)).date())
        return _does(view, person, "answer the student", f"since {since}")
    if view.doubts:
        return _does(view, person, "check the reply")
    if view.case.status is CaseStatus.RESPONDED:
        at = view.answered_at[-1] if view.answered_at else None
        since = f"waiting since {short_day(calendar.local(at).date())}" if at else ""
        return _does(view, person, "act on the answer", since)
    if view.left_on and not view.case.has_own_complaint:
        return _does(view, person, "close the case", "the student left")
    if view.ended_reasons and view.case.status in MAIL_DECIDES and not _is_left_alone(view):
        return _does(view, person, "close the case", "every reason has ended")
    return None


def _is_left_alone(view: CaseView) -> bool:
    return view.case.snoozed_until is not None or view.exempt is not None


def _quiet(view: CaseView, around: Around, calendar: Calendar) -> StatusLine | None:
    """Return the status line of a case that needs no action for now; None where it needs action."""
    case = view.case
    who = view.owner or NO_OWNER
    # A draft that is left then is about welfare, which does not wait.
    rests = case.status is CaseStatus.PAUSED or view.exempt is not None
    if case.snoozed_until or (rests and not has_draft(view)):
        return StatusLine(who, "· no action for now")
    approved = [mail for mail in view.mails if mail.status is OutreachStatus.APPROVED]
    if approved and case.status in MAIL_DECIDES and not has_draft(view):
        return StatusLine("The email", leaving(approved[-1].leaves, calendar))
    if around.waits_until and case.status is CaseStatus.IN_CONTACT and not has_draft(view):
        return StatusLine(who, f"· no action before {on_day(around.waits_until)}")
    if case.status is CaseStatus.REFERRED:
        return StatusLine(who, "· waiting for the service")
    return None


def _next(view: CaseView, around: Around, person: Actor | None) -> tuple[Turn, StatusLine]:
    if has_draft(view):
        return Turn.OTHERS, _about_the_draft(view, around, person)
    match view.case.status:
        case CaseStatus.OPEN | CaseStatus.DISCUSSING if not view.views:
            first = ", the first" if around.views_needed > 1 else ""
            by = f"{first} by {on_day(around.view_by)}" if around.view_by else ""
            verb = "needed" if around.is_view_late else "needs"
            views = counted(around.views_needed, "view")
            needs = f"· {verb} {views}{by or _asked(around)}"
            return Turn.OWNER, StatusLine(view.owner or NO_OWNER, needs)
        case CaseStatus.OPEN | CaseStatus.DISCUSSING:
            return Turn.OWNER, _does(view, person, "decide")
        case CaseStatus.AGREED:
            return Turn.OWNER, _does(view, person, "draft the email")
        case CaseStatus.RE_ENGAGING:
            return Turn.OWNER, _does(view, person, "close the case", "the flags have cleared")
        case _:
            return _next_step(view, around)


def _next_step(view: CaseView, around: Around) -> tuple[Turn, StatusLine]:
    """Say what comes next on the contact ladder: a step, the lead's decision, or nothing."""
    who = view.owner or NO_OWNER
    if around.is_exhausted:
        said = "decides what comes next · every contact step was tried"
        return Turn.OTHERS, StatusLine("The lead", said)
    if around.is_on_hold:
        return Turn.NO_ONE, StatusLine(who, "· contact steps are on hold")
    return Turn.OWNER, StatusLine(who, "· the next contact step is due")


def _about_the_draft(view: CaseView, around: Around, person: Actor | None) -> StatusLine:
    """Say what the draft needs: a view, or a colleague who approves it."""
    draft = view.ready.draft if view.ready else None
    if view.ready is None or draft is None:
        return StatusLine("A colleague", "reads and approves the email next")
    if draft.hindrance:
        return StatusLine("The email", f"cannot be approved now{SEE_DETAILS}")
    if needs := view.ready.missing_line(person):
        return StatusLine("", needs.replace(", not from", " · not from") + _asked(around))
    if person is not None and view.ready.can("approve", person):
        return StatusLine("You", "can read and approve the email next")
    return StatusLine("A colleague", "reads and approves the email next")


def _does(view: CaseView, person: Actor | None, does: str, when: str = "") -> StatusLine:
    """Say that the owner does this next: "You" to the owner, "No owner" where there is none."""
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
    """Count the views by opinion: ``2 views: 1 contact now, 1 wait``; '' for none.

    Only each colleague's newest view counts.
    """
    given = view.newest_views
    if not given:
        return ""
    counts = Counter(each.opinion for each in given)
    each = ", ".join(f"{number} {OPINIONS[what]}" for what, number in counts.items())
    return f"{counted(len(given), 'view')}: {each}"
