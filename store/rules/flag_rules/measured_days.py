"""Find which days of a source were measured, and which school days are missing.

Missing is not zero. A day with a delivery is measured, whatever it says. A day without one says
nothing about any student, so no sentence may count it as a day without activity. Weekends,
closures and vacations are not required: many sources send nothing then.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from store.rules.calendar import Calendar
from store.rules.flag_rules.evidence import SOURCES_APART, Evidence, Finding, Measure
from store.rules.model import MarkerFamily
from store.rules.text.formatting import counted, listed, on_day

ONE_DAY = dt.timedelta(days=1)
MOST_NAMED = 3
"""Runs of days in a reason, which has to stay short."""
DAILY = 0.6
"""A source that has delivered this share of the school days since it began delivers daily."""
_GAP = re.compile(r" We have no data on [^.]+ for [^.]+\.")
_NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def missing_days(
    calendar: Calendar, delivered: Collection[dt.date], first: dt.date, last: dt.date
) -> tuple[dt.date, ...]:
    """List the school days from ``first`` to ``last``, both included, without a delivery."""
    have = frozenset(delivered)
    days = (first + ONE_DAY * offset for offset in range((last - first).days + 1))
    return tuple(day for day in days if calendar.asks_for_data(day) and day not in have)


def unmeasured_days(
    calendar: Calendar, evidence: Evidence, sources: Iterable[str], first: dt.date, last: dt.date
) -> tuple[dt.date, ...]:
    """List the school days that at least one source has not delivered, both ends included."""
    unknown = frozenset[dt.date]().union(*(evidence.unmeasured.get(each, ()) for each in sources))
    return tuple(
        sorted(day for day in unknown if first <= day <= last and calendar.asks_for_data(day))
    )


def delivers_daily(calendar: Calendar, evidence: Evidence, source: str, last: dt.date) -> bool:
    """Return whether a source usually delivers on school days, as known to ``last``.

    A school day without a delivery of such a source is a gap. Others deliver when there is
    something, so that a day without a delivery may be a quiet one.
    """
    unknown = evidence.unmeasured.get(source, frozenset())
    first = evidence.looked_from or min(unknown, default=last)
    days = [first + ONE_DAY * offset for offset in range((last - first).days + 1)]
    begun = next((day for day in days if day not in unknown), last)
    asked = [day for day in days if day >= begun and calendar.asks_for_data(day)]
    return sum(day not in unknown for day in asked) >= DAILY * len(asked)


def missing_by_source(
    calendar: Calendar,
    delivered: Mapping[str, Collection[dt.date]],
    sources: Iterable[str],
    first: dt.date,
    last: dt.date,
) -> dict[str, tuple[dt.date, ...]]:
    """Map each source with missing school days to those days."""
    found = {
        each: missing_days(calendar, delivered.get(each, ()), first, last)
        for each in sorted(set(sources))
    }
    return {source: days for source, days in found.items() if days}


def in_runs(days: Iterable[dt.date], calendar: Calendar) -> list[tuple[dt.date, dt.date]]:
    """Group days into runs (first, last). Days in between that need no data do not split a run."""
    runs: list[tuple[dt.date, dt.date]] = []
    for day in sorted(set(days)):
        if runs and not missing_days(calendar, (), runs[-1][1] + ONE_DAY, day - ONE_DAY):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def days_said(days: Collection[dt.date], calendar: Calendar, most: int | None = None) -> str:
    """Write ``Monday 3 November and 10 to 14 November``; runs after ``most`` are only counted."""
    runs = in_runs(days, calendar)
    shown = runs if most is None or len(runs) <= most else runs[:most]
    said = [_run(*each) for each in shown]
    left = sum(day > shown[-1][1] for day in set(days)) if shown else 0
    return listed([*said, *([counted(left, "more day")] if left else [])])


def fresh_measures(
    evidence: Evidence, family: MarkerFamily, day: dt.date, stale_after_days: int
) -> Iterator[Measure]:
    """Yield the measures of a family whose source has delivered within ``stale_after_days``."""
    oldest = day - dt.timedelta(days=stale_after_days)
    for measure in evidence.measures:
        if measure.family is family and measure.fresh >= oldest:
            yield measure


def last_measured(fresh: dt.date, day: dt.date) -> dt.date:
    """Return the last day that a screening on ``day`` can read from a source known to ``fresh``."""
    return min(fresh, day - ONE_DAY)


def is_up_to_date(calendar: Calendar, fresh: dt.date, day: dt.date) -> bool:
    """Return whether no school day is missing between ``fresh`` and ``day``."""
    return not missing_days(calendar, (), fresh + ONE_DAY, day - ONE_DAY)


def weeks_to(weeks: int, first: dt.date, last: dt.date) -> str:
    """Write the weeks that were measured: ``in the 4 weeks to Sunday 16 November``.

    Where data ended earlier: ``from 20 October to 13 November``. A sentence is read on later days
    too, so it never says "the last four weeks".
    """
    if (last - first).days + 1 == 7 * weeks:
        return f"in the {_NUMBERS.get(weeks, str(weeks))} weeks to {on_day(last)}"
    return f"from {_run(first, last)}" if first < last else f"on {on_day(last)}"


def qualified(finding: Finding, evidence: Evidence, calendar: Calendar) -> Finding:
    """Add the unmeasured families and days to a finding's reasons, if there are any."""
    if finding.since is None:
        return finding
    missing: dict[tuple[dt.date, ...], list[str]] = {}
    for source in finding.source.split(SOURCES_APART):
        days = unmeasured_days(calendar, evidence, [source], finding.since, finding.fresh)
        if days:
            missing.setdefault(days, []).extend(_families(evidence, source, finding))
    if not missing:
        return finding
    staff, student = finding.reason_staff, finding.reason_student
    for days, families in missing.items():
        named = listed(sorted(set(families)))
        said = days_said(days, calendar, MOST_NAMED)
        staff += f" {named[0].upper()}{named[1:]} not measured: {said}."
        student += f" We have no data on {named} for {said}."
    return replace(finding, reason_staff=staff, reason_student=student)


def without_gaps(reason: str) -> str:
    """Return a student's reason without its sentences on missing data."""
    return _GAP.sub("", reason)


def gaps_once(reasons: Iterable[str]) -> tuple[str, ...]:
    """Return a student's reasons; a sentence on missing data stays only in the last that has it."""
    told: set[str] = set()
    kept = []
    for reason in reversed(list(reasons)):
        said = _GAP.findall(reason)
        short = reason
        for sentence in told.intersection(said):
            short = short.replace(sentence, "")
        kept.append(short)
        told.update(said)
    return tuple(reversed(kept))


def with_last_seen(finding: Finding, evidence: Evidence) -> Finding:
    """Return the finding with the last day on which its sources show the student.

    Only its module counts, if it is about one.
    """
    sources = finding.source.split(SOURCES_APART)
    days = [
        measure.last_done
        for measure in evidence.measures + evidence.elsewhere
        if measure.last_done
        and measure.source in sources
        and finding.module in (None, measure.module)
    ]
    return replace(finding, seen_on=max(days, default=None))


def _families(evidence: Evidence, source: str, finding: Finding) -> list[str]:
    """Name what this source measures of the student, in words."""
    found = {
        each.family.label
        for each in evidence.measures + evidence.elsewhere
        if each.source == source and (finding.module is None or each.family is finding.family)
    }
    return sorted(found or {finding.family.label})


def _run(first: dt.date, last: dt.date) -> str:
    if first == last:
        return on_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {last.day} {last:%B}"
    return f"{first.day} {first:%B} to {last.day} {last:%B}"
