"""The buttons of a case's card: the usual next actions, and the rest under More.

What a case can do now is read from the lifecycle's transitions, and what else is known before a
click from ``Readiness``. A button that is certain to be refused is left out: on a person's own card
where that person would be refused, on a card that everyone sees where all who may press it would
be.
"""

from __future__ import annotations

from dataclasses import replace

from bot.cards.cases.offers import ARRANGE, CLOSE, CONTACT, OFFERS, RECORD, Offer
from bot.cards.cases.state import has_draft
from bot.cards.cases.state_words import MAIL_DECIDES
from bot.cards.kit.model import Actions, Button, ButtonStyle
from store.queries.cases.records import CaseView
from store.rules.access.permissions import Action, may
from store.rules.cases.case import Actor
from store.rules.model import CaseStatus


def worded_buttons() -> dict[str, tuple[str, str]]:
    """Map the words on each button of a case's card to its command and step; '' for no step."""
    return {each.label: (each.action, dict(each.ids).get("step", "")) for each in OFFERS}


_OWED = "said"
"""A student who reports a mistake is answered before anything else, whatever the status of the
case."""

ALL = "all"
"""Beside a button's ids: it opens all actions of the case under their headings."""
IN_WINDOW = "in"
"""Beside a button's ids: the case whose window it stands in."""

_SHOWN = 4
"""Buttons before More: few enough for one row on each platform."""

_FIRST: dict[CaseStatus, tuple[str, ...]] = {
    CaseStatus.OPEN: ("take", "view", "approve", "ask", "draft"),
    CaseStatus.DISCUSSING: ("take", "view", "approve", "draft"),
    CaseStatus.AGREED: ("take", "view", "approve", "draft", "ask"),
    CaseStatus.IN_CONTACT: ("show", "log", "approve", "draft"),
    CaseStatus.RESPONDED: ("read-now", "log", "approve", "draft", "close"),
    CaseStatus.RE_ENGAGING: ("show", "log", "approve", "view", "close"),
    CaseStatus.REFERRED: ("show", "log", "resume", "close"),
    CaseStatus.PAUSED: ("show", "log", "approve", "resume", "close"),
    CaseStatus.HANDED_OVER: ("acknowledge", "show", "view", "assign"),
    CaseStatus.CLOSED: ("show", "complaint", "reopen"),
    CaseStatus.MERGED: ("show", "complaint"),
}


_USUALLY_NEXT = {
    CaseStatus.OPEN: "view",
    CaseStatus.DISCUSSING: "view",
    CaseStatus.AGREED: "draft",
    CaseStatus.RESPONDED: "read-now",
    CaseStatus.RE_ENGAGING: "close",
    CaseStatus.HANDED_OVER: "acknowledge",
}


_WHEN_OVER = ("close", "show", "log", "snooze")


def _is_over(view: CaseView) -> bool:
    """Say whether every reason for the case has ended, so that it is closed and contacts no one."""
    is_stopped = view.case.complaint or view.awaits_answer or view.exempt is not None
    return bool(view.ended_reasons) and view.case.status in MAIL_DECIDES and not is_stopped


def case_actions(view: CaseView, person: Actor | None = None) -> Actions:
    """Build the row of buttons for a case; the usual next action is primary."""
    offers = [each for each in OFFERS if each.fits(view, person)]
    first = _WHEN_OVER if _is_over(view) else _FIRST[view.case.status]
    wanted = (_OWED, "check-reply", *first)
    shown = sorted(
        (each for each in offers if each.action in wanted and each.label != "Edit the draft"),
        key=lambda each: wanted.index(each.action),
    )[:_SHOWN]
    # For a person who may do none of these: the first actions that they may do.
    shown = shown or offers[:1]
    actions = {each.action for each in shown}
    next_step = "close" if _is_over(view) else _next_step(view, person, actions)
    rest = [each for each in offers if each not in shown]
    return Actions(
        tuple(_button(each, view, stands_out=each.action == next_step) for each in shown),
        tuple(_in_menu(_button(each, view, stands_out=False)) for each in rest),
        _all_of_them(view),
    )


def _button(offer: Offer, view: CaseView, *, stands_out: bool) -> Button:
    ids = {"case": str(view.case.id), "version": str(view.case.version)}
    asks = offer.action == "take" and view.owner is not None
    return Button(
        offer.label,
        offer.action,
        ids | dict(offer.ids),
        ButtonStyle.PRIMARY if stands_out else ButtonStyle.DEFAULT,
        confirm=f"{view.owner} owns {view.case.reference}. Take it over?" if asks else None,
        opens_dialog=offer.opens_dialog,
        group=offer.group,
    )


def _in_menu(button: Button) -> Button:
    """Move a button's confirmation question into a dialog, since a menu entry cannot ask."""
    if button.confirm is None:
        return button
    return replace(button, confirm=None, opens_dialog=True, ids={**button.ids, "ask": "1"})


def open_button(view: CaseView) -> Button:
    """Open the whole case in a window, with every button that its reader may use."""
    case = view.case
    return Button(f"Open {case.reference}", "show", {"case": str(case.id)}, opens_dialog=True)


def _all_of_them(view: CaseView) -> Button:
    ids = {"case": str(view.case.id), ALL: "1"}
    return Button("All actions", "show", ids, opens_dialog=True)


def in_window(actions: Actions, case: int, shown: int = 3) -> Actions:
    """Return the buttons of a card for a window, in which each leads to another window.

    ``IN_WINDOW`` marks the buttons, so that their result is shown in the window. Only ``shown`` of
    them stand in the row, since the window also has a button that turns its pages.
    """
    mark = {IN_WINDOW: str(case)}

    def turned(button: Button) -> Button:
        asked = _in_menu(button)
        # A window has a button of its own that closes it.
        label = "Close case" if button.action == "close" else button.label
        return replace(asked, label=label, opens_dialog=True, ids={**asked.ids, **mark})

    first, rest = actions.buttons[:shown], actions.buttons[shown:]
    order = (CONTACT, RECORD, ARRANGE, CLOSE)
    menu = sorted((*rest, *actions.more), key=lambda each: order.index(each.group))
    return Actions(tuple(map(turned, first)), tuple(map(turned, menu)))


def _next_step(view: CaseView, person: Actor | None, shown: set[str]) -> str | None:
    """Choose the primary action: what comes next and succeeds.

    On a card for one person it is that person's step; on one that everyone sees, a step that
    succeeds for each of those who may take it.
    """
    if view.awaits_answer:
        return _OWED
    if view.left_on or view.case.complaint:
        return "close" if view.left_on and not view.case.complaint else None
    drafted = has_draft(view)
    if view.case.status is not CaseStatus.RESPONDED:
        if view.case.snoozed_until is not None or (view.exempt is not None and not drafted):
            return None
        if drafted:
            can = "approve" in shown and _all_can_approve(view, person)
            return "approve" if can else _for_a_view(view, person)
    if view.case.status is CaseStatus.OPEN and view.owner is None and "take" in shown:
        return "take"
    usual = _USUALLY_NEXT.get(view.case.status)
    return "ask" if usual == "view" and _has_given_a_view(view, person) else usual


def _has_given_a_view(view: CaseView, person: Actor | None) -> bool:
    return person is not None and person.name in {given.author for given in view.views}


def _all_can_approve(view: CaseView, person: Actor | None) -> bool:
    """Return whether approving succeeds for each who may press the button."""
    if person is not None or view.ready is None or view.ready.draft is None:
        return True
    return not view.ready.approval_line(None)


def _for_a_view(view: CaseView, person: Actor | None) -> str | None:
    """Choose how a draft gets its view: the person adds theirs, or asks a colleague where theirs
    does not count.
    """
    draft = view.ready.draft if view.ready else None
    if view.ready is None or draft is None or draft.hindrance:
        return None
    # A view counts for another person's approval, so it matters whether this one could approve.
    approves = person is not None and may(person, Action.APPROVE, view.ready.school)
    looking = person.id if person and approves else None
    if not (draft.missing(looking) or draft.lacks_role(looking)):
        return None
    return "ask" if person and person.id in draft.writers | draft.views_from else "view"
