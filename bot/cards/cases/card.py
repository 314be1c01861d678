"""The card of a case: why it is open, what colleagues think, and what can be done next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.cards.cases.actions import case_actions
from bot.cards.cases.death_card import death_card
from bot.cards.cases.steps import steps
from bot.cards.cases.warnings import standing
from bot.cards.kit.model import Card, CardBlock, Chart, Divider, Facts, Text, TextStyle
from bot.cards.kit.registry import example
from bot.cards.kit.sample_data import CLOSED_BEFORE, busy_view, case_view
from store.queries.cases.records import CaseView, FlagView, FollowedView
from store.rules.calendar import Calendar
from store.rules.cases.case import Actor
from store.rules.model import CaseStatus, FlagState, Opinion
from store.rules.text.formatting import counted, listed, on_day, short_day

_VIEWS_SHOWN = 3
_REASONS_SHOWN = 4


def case_card(
    view: CaseView,
    calendar: Calendar,
    name: str | None = None,
    ladder: str = "",
    person: Actor | None = None,
) -> Card:
    """Build a case's card for its school's channel. ``name`` only where the school shows names.

    ``ladder`` is the state of the contact ladder. ``person``: the only one who sees this card.
    """
    if view.death is not None:
        return death_card(view, view.death, person)
    active = [flag for flag in view.flags if flag.state is FlagState.ACTIVE]
    who = f"{view.level.label.capitalize()}, {view.programme}"
    return Card(
        kind="case",
        summary=f"{view.case.reference} is {view.case.status.label}: "
        f"{active[0].reason if active else 'no active flags'}",
        blocks=(
            Text(
                f"{view.case.reference} · {view.case.status.label.capitalize()}", TextStyle.HEADING
            ),
            Text(f"{name}, {who}" if name else who, TextStyle.SUBTLE),
            *_standing(view),
            *(_over(view, calendar) if view.case.is_closed else _under_way(view, calendar)),
            *([Text(ladder, TextStyle.SUBTLE)] if ladder and not view.case.is_closed else []),
            *_before_approval(view, person),
            case_actions(view, person),
        ),
    )


def _before_approval(view: CaseView, person: Actor | None) -> Iterator[CardBlock]:
    """Say what a draft still needs, before a colleague opens it to approve."""
    said = view.ready.approval_line(person) if view.ready else ""
    if said:
        yield Text(said)


def _standing(view: CaseView) -> Iterator[CardBlock]:
    for said in standing(view):
        yield Text(said)


def _under_way(view: CaseView, calendar: Calendar) -> Iterator[CardBlock]:
    yield from _reasons(view)
    yield from _trend(view)
    yield Facts(tuple(_facts(view)))
    yield from sources(view)
    yield from _discussion(view)
    yield from steps(view, calendar)


def _over(view: CaseView, calendar: Calendar) -> Iterator[CardBlock]:
    """Keep a closed case short: why it was opened, how it ended, and what was done."""
    reasons = [flag.reason for flag in strongest(view.flags)]
    yield Text("\n".join(reasons[:_REASONS_SHOWN]) or "Opened without a flag.", TextStyle.SUBTLE)
    closed = view.closed_at and calendar.local(view.closed_at).date()
    ended = (view.case.outcome or view.case.status).label.capitalize()
    yield Facts(
        (
            ("Outcome", ended + (f", {on_day(closed)}" if closed else "")),
            ("Looked after by", view.owner or "no one"),
        )
    )
    yield from steps(view, calendar)


def _reasons(view: CaseView) -> Iterator[CardBlock]:
    active = strongest([flag for flag in view.flags if flag.state is FlagState.ACTIVE])
    for flag in active[:_REASONS_SHOWN]:
        yield Text(flag.reason)
    more = len(active) - _REASONS_SHOWN
    if more > 0:
        yield Text(f"and {counted(more, 'more reason')}: Show lists them all", TextStyle.SUBTLE)
    for flag in view.flags:
        if flag.ended:
            yield Text(f"Cleared: {flag.reason} ({flag.ended})", TextStyle.SUBTLE)
    if not view.flags:
        yield Text("Opened without a flag.", TextStyle.SUBTLE)


def strongest(flags: Sequence[FlagView]) -> list[FlagView]:
    """Order flags so that one of each family comes first: agreement of families says most."""
    firsts = {flag.family: flag for flag in reversed(flags)}.values()
    return sorted(flags, key=lambda flag: flag not in firsts)


def _trend(view: CaseView) -> Iterator[CardBlock]:
    if not view.weeks:
        return
    first = view.weeks_until - dt.timedelta(days=7 * len(view.weeks) - 1)
    starts = [first + dt.timedelta(days=7 * week) for week in range(len(view.weeks))]
    yield Chart(
        title="Days active in each week",
        points=tuple(
            (f"{start.day} {start:%b}", min(days, 7))
            for start, days in zip(starts, view.weeks, strict=True)
        ),
        top=7,
        summary=_told(view.weeks),
    )


def _told(weeks: Sequence[int]) -> str:
    """Describe the trend chart in words; each column shows its own figure."""
    whole = f"{counted(sum(weeks), 'active day')} in {counted(len(weeks), 'week')}"
    late = sum(weeks[-2:])
    return f"{whole}, {late or 'none'} of them in the last two." if len(weeks) > 2 else f"{whole}."


def _facts(view: CaseView) -> Iterator[tuple[str, str]]:
    yield "Looked after by", view.owner or "no one yet"
    yield "Opened", on_day(view.case.opened_on)


def sources(view: CaseView) -> Iterator[Text]:
    """List the evidence, its sources, how recent it is, and the version of the policy."""
    active = [flag for flag in view.flags if flag.state is FlagState.ACTIVE]
    if not active:
        return
    families = listed(sorted({flag.family.label for flag in active})).capitalize()
    fresh: dict[str, dt.date] = {}
    for flag in active:
        for name in flag.source.split(", "):
            fresh[name] = max(flag.fresh, fresh.get(name, flag.fresh))
    seen = [
        f"{listed(sorted(name for name in fresh if fresh[name] == day))} up to {short_day(day)}"
        for day in sorted(set(fresh.values()))
    ]
    versions = listed(sorted({str(flag.policy_version) for flag in active}))
    yield Text(
        f"Evidence: {families}. Seen in {'; '.join(seen)}. School policy, version {versions}.",
        TextStyle.SUBTLE,
    )


def _discussion(view: CaseView) -> Iterator[CardBlock]:
    if not view.views:
        return
    yield Divider()
    for given in view.views[-_VIEWS_SHOWN:]:
        yield Text(f"{given.author} · {OPINIONS[given.opinion]}\n{given.reason}", TextStyle.QUOTE)
    earlier = len(view.views) - _VIEWS_SHOWN
    if earlier > 0:
        yield Text(f"and {counted(earlier, 'earlier view')}: Show lists them all", TextStyle.SUBTLE)


OPINIONS = {
    Opinion.CONTACT_NOW: "contact now",
    Opinion.WAIT: "wait",
    Opinion.NOT_APPROPRIATE: "contact is not appropriate",
    Opinion.EXEMPTION: "the student should be exempt",
    Opinion.DATA_QUESTION: "the data needs checking",
}


@example("case-open")
def _open() -> Card:
    return case_card(case_view(CaseStatus.OPEN), Calendar())


@example("case-discussing")
def _discussing() -> Card:
    return case_card(case_view(CaseStatus.DISCUSSING), Calendar())


@example("case-agreed-with-draft")
def _agreed() -> Card:
    return case_card(case_view(CaseStatus.AGREED), Calendar())


@example("case-in-contact")
def _in_contact() -> Card:
    return case_card(case_view(CaseStatus.IN_CONTACT), Calendar())


@example("case-that-follows-a-closed-one")
def _following() -> Card:
    followed = FollowedView(CLOSED_BEFORE, was_data_error=False, still_holds=True)
    return case_card(replace(case_view(CaseStatus.OPEN), follows=followed), Calendar())


@example("case-closed-and-followed")
def _followed() -> Card:
    return case_card(replace(case_view(CaseStatus.CLOSED), followed_by="LANG-14"), Calendar())


@example("case-responded")
def _responded() -> Card:
    return case_card(case_view(CaseStatus.RESPONDED), Calendar())


@example("case-closed")
def _closed() -> Card:
    return case_card(case_view(CaseStatus.CLOSED), Calendar())


@example("case-closed-with-a-question")
def _closed_with_a_question() -> Card:
    view = case_view(CaseStatus.CLOSED)
    return case_card(replace(view, said=busy_view().said), Calendar())


@example("case-re-engaging")
def _re_engaging() -> Card:
    return case_card(case_view(CaseStatus.RE_ENGAGING), Calendar())


@example("case-paused")
def _paused() -> Card:
    return case_card(case_view(CaseStatus.PAUSED), Calendar())


@example("case-referred")
def _referred() -> Card:
    return case_card(case_view(CaseStatus.REFERRED), Calendar())


@example("case-handed-over")
def _handed_over() -> Card:
    return case_card(case_view(CaseStatus.HANDED_OVER), Calendar())


@example("case-merged")
def _merged() -> Card:
    return case_card(case_view(CaseStatus.MERGED), Calendar())


@example("case-everything-at-once")
def _busy() -> Card:
    return case_card(busy_view(), Calendar())


@example("case-with-name")
def _named() -> Card:
    return case_card(case_view(CaseStatus.OPEN), Calendar(), name="Example Student")
