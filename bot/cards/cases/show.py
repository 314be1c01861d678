"""A whole case, privately: the student's details for those who may see them, and its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.cards.cases.actions import in_window
from bot.cards.cases.card import case_card
from bot.cards.cases.details import sources
from bot.cards.cases.dialogs import list_reasons
from bot.cards.cases.timeline import timeline
from bot.cards.cases.warnings import before_and_after
from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import case_dialog
from bot.cards.kit.model import (
    Actions,
    Card,
    Dialog,
    DialogBlock,
    Divider,
    Facts,
    Link,
    StatusLine,
    Text,
    TextStyle,
    Title,
)
from bot.cards.kit.paging import Turning, pages_of, whole
from bot.cards.kit.registry import example
from store.queries.cases.records import CaseView, PrivateView
from store.queries.cases.thread_context import ThreadReply
from store.rules.calendar import Calendar
from store.rules.model import CaseStatus


def show_dialog(
    view: CaseView,
    private: PrivateView | None,
    calendar: Calendar,
    remarks: Sequence[ThreadReply] = (),
    page: int = 1,
    turned_by: str = "show",
    card: Card | None = None,
    on_top: Sequence[Text] = (),
) -> Dialog:
    """Build one page of the case. Page 1 has its card with every button, and the newest events.

    ``page`` counts from 1; a number that is too high gives the last page. ``turned_by`` is the
    command that opens the other pages. ``card`` is the case's card for this person. ``on_top`` is
    what has just been done in this window, or what it was opened to read.
    """
    face = [*on_top, *(_face(card, view) if card else ())]
    blocks = [*_who(private), *_why(view), *timeline(view, private, remarks, calendar)]
    beside = (_FACE if card else 0) + sum(len(each.text) for each in on_top)
    pages = pages_of(blocks or [Text("Nothing has been recorded yet.")], beside)
    page = min(max(page, 1), len(pages))
    if page == 1:
        pages[0] = (*face, *pages[0])
    return case_dialog(
        view,
        "show",
        title=view.case.reference,
        blocks=(*pages[page - 1], *_turning(view, page, len(pages), turned_by)),
    )


_FACE = 2000
"""Characters that the card on the first page takes up, its buttons included."""


def _face(card: Card, view: CaseView) -> Iterator[DialogBlock]:
    """Yield the card's face with this person's buttons, and a link to where it stands."""
    for block in card.blocks:
        if isinstance(block, Actions):
            yield Link(f"{view.case.reference} in its channel", case=view.case.id)
            yield in_window(block, view.case.id)
            yield Divider()
        elif isinstance(block, Title | StatusLine | Text):
            yield block


def actions_dialog(card: Card, case: int) -> Dialog:
    """Build the dialog with every action of a case under its heading."""
    shown = [block for block in card.blocks if isinstance(block, Title | StatusLine)]
    rows = (row for row in card.blocks if isinstance(row, Actions))
    acting = [in_window(row, case, shown=1) for row in rows]
    return Dialog(
        kind="actions",
        title="All actions",
        action="show",
        ids={"case": str(case)},
        blocks=(*shown, *acting) or (Text(card.summary),),
    )


def _who(private: PrivateView | None) -> Iterator[DialogBlock]:
    if private is None:
        return
    yield Text(private.name, TextStyle.HEADING)
    if private.number:  # else it was opened for a step that needs neither number nor address
        yield Facts(
            (
                ("Student number", private.number),
                ("University address", private.university_email or "none"),
                ("Personal address", private.personal_email or "none"),
            )
        )
    yield Text("The access log records that you opened this.", TextStyle.SUBTLE)
    if private.preference_words:
        yield Text("How the student wants to be contacted, in their words:", TextStyle.SUBTLE)
        yield from whole(private.preference_words, TextStyle.QUOTE)
    yield Divider()


def _why(view: CaseView) -> Iterator[DialogBlock]:
    yield from list_reasons(view)
    yield from sources(view)
    yield from map(Text, before_and_after(view))
    if view.case.outcome:
        yield from whole(f"Closed: {view.case.outcome.label}. {view.outcome_note}".strip())


def _turning(view: CaseView, page: int, pages: int, command: str) -> Iterator[DialogBlock]:
    """Yield the buttons for the pages before and after this one, the later first."""
    following = page % pages + 1
    typed = f"/lantern {command} {view.case.reference} "
    typed += str(following) if command == "show" else f"page {following}"
    ids = (("case", str(view.case.id)),)
    return Turning(command, ids, "Later", "Earlier", "newest first").beside(page, pages, typed)


@example("dialog-show")
def _show() -> Dialog:
    view = sample.sample_case_view(CaseStatus.RESPONDED)
    card = case_card(view, Calendar())
    said = Text("LANG-12 is assigned to you.")
    return show_dialog(view, sample.private(), Calendar(), card=card, on_top=(said,))


@example("dialog-actions")
def _actions() -> Dialog:
    view = sample.sample_case_view(CaseStatus.DISCUSSING)
    return actions_dialog(case_card(view, Calendar()), view.case.id)


@example("dialog-show-without-name")
def _show_plain() -> Dialog:
    return show_dialog(sample.sample_case_view(CaseStatus.DISCUSSING), None, Calendar())


@example("dialog-show-page")
def _show_page() -> Dialog:
    view = sample.sample_case_view(CaseStatus.RESPONDED)
    start = dt.datetime(2026, 9, 1, 10, tzinfo=dt.UTC)
    done = view.interventions[0]
    many = tuple(replace(done, at=start + dt.timedelta(days=day)) for day in range(60))
    return show_dialog(replace(view, interventions=many), None, Calendar(), page=2)
