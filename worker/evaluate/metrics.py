"""The measures of a list of flags: how right, how early, how large. Used for the control as
well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from store.rules.small_numbers import share
from worker.evaluate.presentations import GROUPS, Presentation
from worker.evaluate.replay import Stay

NOTICE = 14
"""Days before a withdrawal by which help should have been offered."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure. ``control`` and ``reference`` are ``None`` where there is none."""

    value: float | None
    control: float | None = None
    reference: float | None = None


def of_list(
    presentation: Presentation, stays: Sequence[Stay], there: Mapping[int, list[int]]
) -> dict[str, float | None]:
    """Return every measure of a list, by name; ``None`` where nothing can be measured."""
    students, days = presentation.students, sum(map(len, there.values()))
    on_list = sum(stay.last - stay.first + 1 for stay in stays)
    new = Counter(stay.first for stay in stays)
    leads = [
        students[stay.student].ends - stay.first
        for stay in stays
        if students[stay.student].withdrew
    ]
    return {
        "new_flags_per_100_a_week": _ratio(100 * 7 * len(stays), days),
        "share_on_list": _ratio(on_list, days),
        "withdrawals_on_list_14_days_before": _noticed(presentation, stays),
        "precision": precision(presentation, [stay.student for stay in stays]),
        "median_lead_days": median(leads) if leads else None,
        "largest_share_flagged_on_one_day": max(
            (_share(number, there[day]) for day, number in new.items()), default=0.0
        ),
    }


def precision(presentation: Presentation, flagged: Sequence[int]) -> float | None:
    """Return the share of flags whose student withdrew or failed in the end."""
    return _ratio(sum(presentation.students[each].needed_help for each in flagged), len(flagged))


def mean(values: Sequence[float | None]) -> float | None:
    """Return the mean of the known values; None where none is known."""
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _noticed(presentation: Presentation, stays: Sequence[Stay]) -> float | None:
    """Return the share of withdrawn students who were on the list two weeks before they withdrew.

    Only students who were registered on that day count, if that day was replayed.
    """
    listed: dict[int, list[Stay]] = {}
    for stay in stays:
        listed.setdefault(stay.student, []).append(stay)
    then = {
        student.number: student.ends - NOTICE
        for student in presentation.students.values()
        if student.withdrew
        and max(student.starts, 1) <= student.ends - NOTICE <= presentation.last_day
    }
    noticed = sum(
        any(stay.first <= day <= stay.last for stay in listed.get(number, []))
        for number, day in then.items()
    )
    return _ratio(noticed, len(then))


def _share(number: int, there: Sequence[int]) -> float:
    return number / len(there) if there else 0.0


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def flag_rates(presentation: Presentation, stays: Sequence[Stay]) -> dict[str, Figure]:
    """Map ``flag_rate_ratio: gender F`` to the group's share ever flagged, divided by that of all
    students.

    Shares are of rounded counts. ``value`` is ``None`` for a group that is too small to publish.
    """
    flagged = {stay.student for stay in stays}
    everybody = _rate(list(presentation.students), flagged)
    ratios = {}
    for group in GROUPS:
        members: dict[str, list[int]] = {}
        for student in presentation.students.values():
            members.setdefault(student.groups[group], []).append(student.number)
        for name, who in sorted(members.items()):
            rate = _rate(who, flagged)
            ratio = rate / everybody if rate is not None and everybody else None
            ratios[f"flag_rate_ratio: {group} {name}"] = Figure(ratio)
    return ratios


def _rate(who: Sequence[int], flagged: set[int]) -> float | None:
    return share(sum(each in flagged for each in who), len(who))
