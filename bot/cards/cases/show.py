"""A whole case, privately: the student's details for those who may see them, and its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.cards.cases.dialogs import case_ids, reasons
from bot.cards.cases.timeline import timeline
from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Dialog, DialogBlock, Divider, Facts, Text, TextStyle
from bot.cards.kit.paging import Turning, pages_of, whole
from bot.cards.kit.registry import example
from store.queries.cases.records import CaseView, PrivateView
from store.queries.cases.thread_context import Remark
from store.rules.calendar import Calendar
from store.rules.model import CaseStatus


def show_dialog(
    view: CaseView,
    private: PrivateView | None,
    calendar: Calendar,
    remarks: Sequence[Remark] = (),
    page: int = 1,
    turned_by: str = "show",
) -> Dialog:
    """Build one page of the case. Page 1 has the reasons and the newest events.

    ``page`` counts from 1; a number that is too high gives the last page. ``turned_by`` is the
    command that opens the other pages.
    """
    blocks = [*_who(private), *_why(view), *timeline(view, private, remarks, calendar)]
    pages = pages_of(blocks or [Text("Nothing has been recorded yet.")])
    page = min(max(page, 1), len(pages))
    return Dialog(
        kind="show",
        title=view.case.reference,
        action="show",
        ids=case_ids(view),
        blocks=(*pages[page - 1], *_turning(view, page, len(pages), turned_by)),
    )


def _who(private: PrivateView | None) -> Iterator[DialogBlock]:
    if private is None:
        return
    yield Text(private.name, TextStyle.HEADING)
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
    yield from reasons(view)
    if view.case.outcome:
        yield from whole(f"Closed: {view.case.outcome.label}. {view.outcome_note}".strip())


def _turning(view: CaseView, page: int, pages: int, command: str) -> Iterator[DialogBlock]:
    """Give the buttons for the pages before and after this one, the later first."""
    following = page % pages + 1
    typed = f"/lantern {command} {view.case.reference} "
    typed += str(following) if command == "show" else f"page {following}"
    ids = (("case", str(view.case.id)),)
    return Turning(command, ids, "Later", "Earlier", "newest first").beside(page, pages, typed)


@example("dialog-show")
def _show() -> Dialog:
    return show_dialog(sample.case_view(CaseStatus.RESPONDED), sample.private(), Calendar())


@example("dialog-show-without-name")
def _show_plain() -> Dialog:
    return show_dialog(sample.case_view(CaseStatus.DISCUSSING), None, Calendar())


@example("dialog-show-page")
def _show_page() -> Dialog:
    view = sample.case_view(CaseStatus.RESPONDED)
    start = dt.datetime(2026, 9, 1, 10, tzinfo=dt.UTC)
    done = view.interventions[0]
    many = tuple(replace(done, at=start + dt.timedelta(days=day)) for day in range(60))
    return show_dialog(replace(view, interventions=many), None, Calendar(), page=2)
