"""The Details of a case's card: full reasons, chart, views, and what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import ceil

from bot.cards.cases.state import OPINIONS, Around
from bot.cards.cases.steps import steps
from bot.cards.cases.warnings import case_warnings
from bot.cards.kit.model import Chart, Divider, Facts, Fold, Part, Text, TextStyle
from store.queries.cases.records import CaseView, FlagView
from store.rules.calendar import Calendar
from store.rules.cases.case import Actor
from store.rules.flag_rules.session_weeks import said_of_week
from store.rules.model import CaseStatus, FlagState, MarkerFamily
from store.rules.text.formatting import counted, listed, on_day, short_day

_VIEWS_SHOWN = 3
_REASONS_SHOWN = 6

MARKERS: Mapping[MarkerFamily, str] = {
    MarkerFamily.ATTENDANCE: "Attendance",
    MarkerFamily.SUBMISSIONS: "Submissions",
    MarkerFamily.VLE: "Online activity",
    MarkerFamily.MEETINGS: "Meetings",
    MarkerFamily.RECORDINGS: "Recordings",
    MarkerFamily.COCURRICULAR: "Co-curricular",
}
"""The marker that leads a reason, one for each family of evidence."""


def marker(flag: FlagView) -> str:
    """Return the marker's label; "All activity" for a flag that rests on several markers."""
    return "All activity" if flag.is_overall else MARKERS[flag.family]


def details(
    view: CaseView,
    calendar: Calendar,
    around: Around,
    person: Actor | None,
    who: str,
    told: frozenset[str],
) -> Fold:
    """Build the folded Details. ``told`` are the sentences already on the card's face."""
    return Fold(
        title="Details",
        hint=_hint(view),
        parts=(
            Text(who, TextStyle.SUBTLE),
            *(Text(said) for said in case_warnings(view) if said not in told),
            *_approval(view, person),
            *_evidence(view, told),
            Facts(tuple(_facts(view))),
            *_discussion(view),
            *steps(view, calendar),
            *([Text(around.ladder, TextStyle.SUBTLE)] if _has_ladder(view, around) else []),
        ),
    )


def _hint(view: CaseView) -> str:
    if view.case.is_closed or view.case.complaint:
        return "what happened"
    reasons = counted(len(strongest_active(view)), "reason")
    views = counted(len(view.newest_views), "view") if view.views else "no views yet"
    return f"{reasons}, {views}"


def _has_ladder(view: CaseView, around: Around) -> bool:
    return bool(around.ladder) and not view.case.is_closed and not view.ended_reasons


def _approval(view: CaseView, person: Actor | None) -> Iterator[Part]:
    """Say what a draft still needs, before a colleague opens it to approve."""
    said = view.ready.approval_line(person) if view.ready else ""
    if said:
        yield Text(said)


def _evidence(view: CaseView, told: frozenset[str]) -> Iterator[Part]:
    """List the reasons and show the chart, except where no one may act on them."""
    if view.case.complaint:
        return
    if view.case.is_closed:
        reasons = [flag.reason for flag in one_of_each_family_first(view.flags)]
        yield Text("\n".join(reasons[:_REASONS_SHOWN]) or opened_by(view), TextStyle.SUBTLE)
        return
    yield from _reasons(view, told)
    if view.case.status is not CaseStatus.OPEN:
        yield from attendance_trend(view)
    yield from sources(view)


def _reasons(view: CaseView, told: frozenset[str]) -> Iterator[Part]:
    """List the active reasons whole under their marker, then those that have cleared.

    A reason that is whole on the face is not repeated.
    """
    active = [flag for flag in strongest_active(view) if flag.reason not in told]
    shown = active[:_REASONS_SHOWN]
    for leads, flags in groupby(sorted(shown, key=_by_marker(shown)), key=marker):
        yield Text("\n".join([f"{leads}:", *(flag.reason for flag in flags)]))
    more = len(active) - len(shown)
    if more > 0:
        yield Text(f"and {counted(more, 'more reason')}: Show lists them all", TextStyle.SUBTLE)
    for flag in view.flags:
        if flag.ended:
            yield Text(f"{flag.over_word}: {flag.reason} ({flag.ended})", TextStyle.SUBTLE)


def attendance_trend(view: CaseView) -> Iterator[Chart]:
    """Chart the sessions attended by teaching week; nothing where attendance is not measured.

    It is one marker. Days of activity are never added up over sources.
    """
    if not any(each is not None for each in view.sessions):
        return
    monday = view.weeks_until - dt.timedelta(days=view.weeks_until.weekday())
    starts = [monday - dt.timedelta(weeks=ago) for ago in reversed(range(len(view.sessions)))]
    days = view.session_days or ((0, 0),) * len(view.sessions)
    told = ", ".join(
        said_of_week(each, *known) for each, known in zip(view.sessions, days, strict=True)
    )
    yield Chart(
        title="Sessions attended by week",
        points=tuple(
            # A zero is drawn only of a week that was measured whole.
            (f"{start.day} {start:%b}", attended if attended or measured == of else None)
            for start, attended, (measured, of) in zip(starts, view.sessions, days, strict=True)
        ),
        top=max(1, *(ceil(each or 0) for each in (*view.sessions, *view.class_median))),
        summary=f"Sessions attended: {told}.{_said_of_class(view.class_median)}",
        median=view.class_median,
    )


def _said_of_class(median: Sequence[float | None]) -> str:
    """Write the class median of each week; "" where no class has ten students with data."""
    if not median:
        return ""
    return f" Class median: {', '.join('none' if m is None else f'{m:g}' for m in median)}."


def _facts(view: CaseView) -> Iterator[tuple[str, str]]:
    if view.case.is_closed:
        yield "Outcome", (view.case.outcome or view.case.status).label.capitalize()
    yield "Owner", view.owner or "no owner yet"
    yield "Opened", on_day(view.case.opened_on)


def sources(view: CaseView) -> Iterator[Text]:
    """List the evidence, its sources, how recent it is, and the version of the policy."""
    active = [flag for flag in view.flags if flag.state is FlagState.ACTIVE]
    if not active:
        return
    overall = ["all activity"] if any(flag.is_overall for flag in active) else []
    others = sorted({flag.family.label for flag in active if not flag.is_overall})
    families = listed([*overall, *others]).capitalize()
    fresh: dict[str, dt.date] = {}
    for flag in active:
        known_to = flag.known_to or dict.fromkeys(flag.source.split(", "), flag.fresh)
        for name, day in known_to.items():
            fresh[name] = max(day, fresh.get(name, day))
    seen = [
        f"{listed(sorted(name for name in fresh if fresh[name] == day))} up to {short_day(day)}"
        for day in sorted(set(fresh.values()))
    ]
    gaps = "".join(f" {view.gaps[name]}" for name in sorted(fresh) if name in view.gaps)
    # What one column of the chart counts.
    counts = " The chart counts one session of a module for each day." if view.sessions else ""
    yield Text(
        f"Evidence: {families}. Seen in {'; '.join(seen)}.{gaps} {_policies(active)}.{counts}",
        TextStyle.SUBTLE,
    )


def _policies(active: Sequence[FlagView]) -> str:
    """Name each school's policy: a contributing school raises flags by its own (§24)."""
    of = sorted({flag.policy_of for flag in active})
    each = {name: _versions([flag for flag in active if flag.policy_of == name]) for name in of}
    return ". ".join(
        f"Policy of {name}, {versions}" if name else f"School policy, {versions}"
        for name, versions in each.items()
    )


def _versions(active: Sequence[FlagView]) -> str:
    """Name the versions by which the reasons stand, then those that had raised them (§21)."""
    said = _numbered(flag.worded_by or flag.policy_version for flag in active)
    if not any(flag.worded_by for flag in active):
        return said
    return f"{said}; first raised under {_numbered(flag.policy_version for flag in active)}"


def _numbered(versions: Iterable[int]) -> str:
    each = [str(version) for version in sorted(set(versions))]
    return f"{'version' if len(each) == 1 else 'versions'} {listed(each)}"


def _discussion(view: CaseView) -> Iterator[Part]:
    if not view.views:
        return
    yield Divider()
    shown = view.newest_views[-_VIEWS_SHOWN:]
    for given in shown:
        yield Text(f"{given.author} · {OPINIONS[given.opinion]}\n{given.reason}", TextStyle.QUOTE)
    earlier = len(view.views) - len(shown)
    if earlier > 0:
        yield Text(f"and {counted(earlier, 'earlier view')}: Show lists them all", TextStyle.SUBTLE)


def opened_by(view: CaseView) -> str:
    """Return a sentence for a case that was opened without a flag; '' where it has flags."""
    return "" if view.flags else "Opened without a flag."


def one_of_each_family_first(flags: Sequence[FlagView]) -> list[FlagView]:
    """Order flags with the first of each family in front: agreeing families are strong evidence."""
    firsts = {flag.family: flag for flag in reversed(flags)}.values()
    return sorted(flags, key=lambda flag: flag not in firsts)


def strongest_active(view: CaseView) -> list[FlagView]:
    """Return the active flags, ordered so that one of each family of evidence comes first."""
    return one_of_each_family_first([flag for flag in view.flags if flag.state is FlagState.ACTIVE])


def _by_marker(flags: Sequence[FlagView]) -> Callable[[FlagView], int]:
    order = list(dict.fromkeys(marker(flag) for flag in flags))
    return lambda flag: order.index(marker(flag))
