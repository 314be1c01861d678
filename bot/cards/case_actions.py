"""The buttons of a case's card."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.model import Actions, Button, ButtonStyle
from store.queries.case import CaseView
from store.rules.model import CaseStatus, OutreachStatus


def case_actions(view: CaseView) -> Actions:
    """What can be done with the case now; the usual next step stands out."""
    ids = {"case": str(view.case.id), "version": str(view.case.version)}
    show = Button("Show", "show", ids, opens_dialog=True)
    if view.case.is_closed:
        return Actions((show,))
    answered = view.case.status is CaseStatus.RESPONDED
    take = Button("Take", "take", ids)
    add_view = Button("Add view", "view", ids, opens_dialog=True)
    log = Button("Log", "log", ids, opens_dialog=True)
    draft = Button("Draft email", "draft", ids, opens_dialog=True)
    close = Button("Close", "close", ids, opens_dialog=True)
    assign = Button("Assign", "assign", ids, opens_dialog=True)
    edit: tuple[Button, ...] = ()
    if any(mail.status is OutreachStatus.DRAFT for mail in view.mails):
        edit = (replace(draft, label="Edit the draft"),)
        draft = Button("Read and approve", "approve", ids, opens_dialog=True)
    next_step = _next_step(view, show, add_view, draft)
    shown = (show if answered else take, add_view, log, draft, close)
    return Actions(
        buttons=tuple(
            replace(each, style=ButtonStyle.PRIMARY) if each is next_step else each
            for each in shown
        ),
        more=(take if answered else show, assign, *edit),
    )


def _next_step(view: CaseView, show: Button, add_view: Button, draft: Button) -> Button | None:
    """The one button that stands out: what usually comes next."""
    match view.case.status:
        case CaseStatus.OPEN | CaseStatus.DISCUSSING:
            return add_view
        case CaseStatus.AGREED:
            return draft
        case CaseStatus.RESPONDED:
            return show
    return None
