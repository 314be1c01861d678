"""The card of a case: what it is, who acts next, why it is open, and what can be done.

The face holds at most about 60 words before the first button. Everything else stands in Details.
A card that stops contact shows neither reasons nor a chart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.cards.cases.actions import case_actions, open_button
from bot.cards.cases.death_card import death_card
from bot.cards.cases.details import (
    attendance_trend,
    details,
    marker,
    opened_by,
    strongest_active,
)
from bot.cards.cases.state import (
    SEE_DETAILS,
    Around,
    has_draft,
    opinions,
    status_line,
    title_of,
)
from bot.cards.cases.warnings import pressing
from bot.cards.kit.model import Card, CardBlock, Reasons, Row, StatusLine, Text, TextStyle, Title
from bot.cards.kit.registry import example
from bot.cards.kit.sample_data import CLOSED_BEFORE, busy_view, sample_case_view
from store.queries.cases.records import CaseView, FollowedView
from store.rules.calendar import Calendar
from store.rules.cases.case import Actor
from store.rules.model import CaseStatus
from store.rules.text.formatting import counted, first_sentence

WORDS = 60
"""The most words on the face of a card, before the first button."""
_REASONS_SHOWN = 2

_NOT_FOR = "If the complaint is about you, the buttons below are not for you."
"""Under a card that everyone in a channel sees. A name, or a missing one, would reveal who the
complaint is about."""


def case_card(
    view: CaseView,
    calendar: Calendar,
    name: str | None = None,
    ladder: str = "",
    person: Actor | None = None,
    around: Around | None = None,
    *,
    is_whole: bool = False,
) -> Card:
    """Build a case's card for its school's channel. ``name`` is the student's, only where the
    school shows names.

    ``ladder`` is the state of the contact ladder, where ``around`` does not hold it. ``person`` is
    the only one who sees this card; None where a channel does. A closed case that needs nothing is
    one line with a button that opens it, unless it ``is_whole``: then every reason stands below,
    and none is counted.
    """
    if view.death is not None:
        return death_card(view, view.death, person)
    around = around or Around(ladder=ladder)
    title, status = title_of(view), status_line(view, around, calendar, person)
    hindrance = _hindrance(view, status, person) if is_whole else ""
    if hindrance:
        status = replace(status, rest=status.rest.removesuffix(SEE_DETAILS))
    summary = f"{view.case.reference}: {title.state}. {status.text.rstrip('.')}."
    if not is_whole and view.case.is_closed and not any(pressing(view)):
        return Card(kind="case", summary=summary, blocks=(_one_line(view, title, status),))
    who = f"{view.level.label.capitalize()}, {view.programme}"
    face = list(_face(view, title, status, name, is_whole=is_whole))
    if hindrance:
        face.insert(face.index(status) + 1, Text(hindrance))
    if view.case.complaint and person is None:
        face.append(Text(_NOT_FOR, TextStyle.SUBTLE))
    folded = details(view, calendar, around, person, who, _told(face))
    return Card(kind="case", summary=summary, blocks=(*face, case_actions(view, person), folded))


def _hindrance(view: CaseView, status: StatusLine, person: Actor | None) -> str:
    """Return why the draft cannot be approved, where the status line refers to Details for it."""
    if view.ready is None or not status.rest.endswith(SEE_DETAILS):
        return ""
    return view.ready.approval_line(person)


def _one_line(view: CaseView, title: Title, status: StatusLine) -> Row:
    """Build the one line of a closed case, with a button that opens the whole case."""
    line = " ".join([status.text, *(f"· now {by}" for by in [view.followed_by] if by)])
    return Row(title.reference, title.state, title.icon, line, view.case.id, open_button(view))


def _told(face: Sequence[CardBlock]) -> frozenset[str]:
    """Return the sentences on the face, which Details does not repeat."""
    texts = (block.text for block in face if isinstance(block, Text))
    listed = (block for block in face if isinstance(block, Reasons))
    reasons = (reason for block in listed for _, reason in block.items)
    return frozenset((*texts, *reasons))


def _face(
    view: CaseView, title: Title, status: StatusLine, name: str | None, *, is_whole: bool
) -> Iterator[CardBlock]:
    """Yield what is read first: the state, the next step, warnings, and at most two reasons."""
    yield title
    if name:
        yield Text(name, TextStyle.SUBTLE)
    yield status
    room = WORDS - _words(title.text) - _words(status.text) - _words(name or "")
    first, *others = [*pressing(view), ""]
    if first:
        yield Text(first)
        room -= _words(first)
    if view.case.is_closed:
        return
    reasons: list[tuple[str, str]] = []
    if not view.case.complaint:
        reasons = list(_strongest_that_fit(view, room))
        if reasons:
            yield Reasons(tuple(reasons))
            room -= sum(_words(f"{marker} {reason}") for marker, reason in reasons)
    rest = _rest(view, 0 if is_whole else len(strongest_active(view)) - len(reasons))
    if rest and _words(rest) <= room:
        yield Text(rest, TextStyle.SUBTLE)
        room -= _words(rest)
    for warning in others:
        if warning and _words(warning) <= room:
            yield Text(warning)
            room -= _words(warning)
    if view.case.status is CaseStatus.OPEN and not view.case.complaint:
        yield from attendance_trend(view)


def _strongest_that_fit(view: CaseView, room: int) -> Iterator[tuple[str, str]]:
    """Yield at most two reasons, each one whole sentence led by its marker; the first always fits.

    The rest of a reason stands in Details.
    """
    for flag in strongest_active(view)[:_REASONS_SHOWN]:
        said = first_sentence(flag.reason)
        cost = _words(said) + 1
        if cost <= room or room == WORDS:
            yield marker(flag), said
            room -= cost


def _rest(view: CaseView, more: int) -> str:
    """Summarise in one line what Details holds: more reasons, the views, and a draft on hold."""
    on_hold = has_draft(view) and view.case.status is CaseStatus.RESPONDED
    parts = (
        counted(more, "more reason") if more > 0 and not view.case.complaint else "",
        opinions(view),
        "draft email on hold until the answer is read" if on_hold else "",
        "" if view.flags else opened_by(view),
    )
    return " · ".join(part for part in parts if part)


def _words(text: str) -> int:
    return sum(any(letter.isalnum() for letter in word) for word in text.split())


@example("case-open")
def _open() -> Card:
    return case_card(sample_case_view(CaseStatus.OPEN), Calendar())


@example("case-discussing")
def _discussing() -> Card:
    return case_card(sample_case_view(CaseStatus.DISCUSSING), Calendar())


@example("case-agreed-with-draft")
def _agreed() -> Card:
    return case_card(sample_case_view(CaseStatus.AGREED), Calendar())


@example("case-in-contact")
def _in_contact() -> Card:
    return case_card(sample_case_view(CaseStatus.IN_CONTACT), Calendar())


@example("case-that-follows-a-closed-one")
def _following() -> Card:
    followed = FollowedView(CLOSED_BEFORE, was_data_error=False, still_holds=True)
    return case_card(replace(sample_case_view(CaseStatus.OPEN), follows=followed), Calendar())


@example("case-closed-and-followed")
def _followed() -> Card:
    return case_card(
        replace(sample_case_view(CaseStatus.CLOSED), followed_by="LANG-14"), Calendar()
    )


@example("case-responded")
def _responded() -> Card:
    return case_card(sample_case_view(CaseStatus.RESPONDED), Calendar())


@example("case-closed")
def _closed() -> Card:
    return case_card(sample_case_view(CaseStatus.CLOSED), Calendar())


@example("case-closed-and-whole")
def _closed_and_whole() -> Card:
    return case_card(sample_case_view(CaseStatus.CLOSED), Calendar(), is_whole=True)


@example("case-closed-with-a-question")
def _closed_with_a_question() -> Card:
    view = sample_case_view(CaseStatus.CLOSED)
    return case_card(replace(view, said=busy_view().said), Calendar())


@example("case-re-engaging")
def _re_engaging() -> Card:
    return case_card(sample_case_view(CaseStatus.RE_ENGAGING), Calendar())


@example("case-paused")
def _paused() -> Card:
    return case_card(sample_case_view(CaseStatus.PAUSED), Calendar())


@example("case-referred")
def _referred() -> Card:
    return case_card(sample_case_view(CaseStatus.REFERRED), Calendar())


@example("case-handed-over")
def _handed_over() -> Card:
    return case_card(sample_case_view(CaseStatus.HANDED_OVER), Calendar())


@example("case-merged")
def _merged() -> Card:
    return case_card(sample_case_view(CaseStatus.MERGED), Calendar())


@example("case-everything-at-once")
def _busy() -> Card:
    return case_card(busy_view(), Calendar())


@example("case-with-name")
def _named() -> Card:
    return case_card(sample_case_view(CaseStatus.OPEN), Calendar(), name="Example Student")
