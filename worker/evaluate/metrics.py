"""The measures of a list of flags: how right, how early, how large. Used for the control as
well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from statistics import fmean

import numpy as np

from store.rules.flag_rules.looks import LookKind
from store.rules.small_numbers import share
from worker.evaluate.bootstrap import Figure, Numbers, Ratio, Resampled
from worker.evaluate.presentations import GROUPS, Presentation
from worker.evaluate.replay import Stay

NOTICE = 14
"""Days before a withdrawal by which help should have been offered."""

Sums = Mapping[str, tuple[Numbers, Numbers]]
"""Measure → (part, whole), each with one number a student in the order of their numbers."""


def sums_of_list(
    presentation: Presentation, stays: Sequence[Stay], there: Mapping[int, list[int]]
) -> Sums:
    """Return every measure of a list as two numbers a student, which are added up and divided."""
    numbers = sorted(presentation.students)
    at = {student: place for place, student in enumerate(numbers)}
    students = [presentation.students[number] for number in numbers]

    def none() -> Numbers:
        return np.zeros(len(numbers))

    there_on = Counter(chain.from_iterable(there.values()))
    days = np.array([there_on[number] for number in numbers], dtype=np.float64)
    flags, on_list = none(), none()
    of: dict[int, list[Stay]] = {}
    for stay in sorted(stays, key=lambda stay: (stay.first, stay.last)):
        of.setdefault(at[stay.student], []).append(stay)
    helped = np.array([each.needed_help for each in students], dtype=np.float64)
    withdrew, noticed, flagged = none(), none(), none()
    for place, student in enumerate(students):
        own = of.get(place, [])
        flags[place] = len(own)
        on_list[place] = sum(stay.last - stay.first + 1 for stay in own)
        day = student.ends - NOTICE
        if student.withdrew and max(student.starts, 1) <= day <= presentation.last_day:
            withdrew[place] = 1
            noticed[place] = any(stay.first <= day <= stay.last for stay in own)
            flagged[place] = any(stay.first <= day for stay in own)
    right, first = flags * helped, np.minimum(flags, 1)
    first_right = first * helped
    return {
        "new_flags_per_100_a_week": (700 * flags, days),
        "share_on_list": (on_list, days),
        "precision": (right, flags),
        "precision_by_student": (first_right, first),
        "withdrawals_on_list_14_days_before": (noticed, withdrew),
        "withdrawals_flagged_14_days_before": (flagged, withdrew),
        "needed_help_ever_flagged": (first_right, helped),
    }


def sums_of_looks(
    presentation: Presentation, looks: Mapping[tuple[LookKind, int], int], stays: Sequence[Stay]
) -> Sums:
    """Return what the softer level is worth, as ``sums_of_list`` does: how many of the students it
    named needed help, and how many withdrawals it or a flag had named 14 days before.
    """
    numbers = sorted(presentation.students)
    students = [presentation.students[number] for number in numbers]
    helped = np.array([each.needed_help for each in students], dtype=np.float64)
    everyone = np.ones(len(numbers))
    first = dict.fromkeys(numbers, presentation.last_day + 1)
    for (_, student), day in looks.items():
        first[student] = min(first[student], day)
    for stay in stays:
        first[stay.student] = min(first[stay.student], stay.first)
    found: dict[str, tuple[Numbers, Numbers]] = {}
    for kind in LookKind:
        named = np.array([(kind, number) in looks for number in numbers], dtype=np.float64)
        found[f"looks_precision: {kind}"] = (named * helped, named)
        found[f"looks_share_of_students: {kind}"] = (named, everyone)
    withdrew, early = np.zeros(len(numbers)), np.zeros(len(numbers))
    for place, each in enumerate(students):
        day = each.ends - NOTICE
        if each.withdrew and max(each.starts, 1) <= day <= presentation.last_day:
            withdrew[place] = 1
            early[place] = first[each.number] <= day
    found["withdrawals_flagged_or_looked_at_14_days_before"] = (early, withdrew)
    return found


def ratios_of_list(sums: Sums, resampled: Resampled) -> dict[str, Ratio]:
    """Return the measures of a list with their draws, by name."""
    return {name: resampled.ratio(*each) for name, each in sums.items()}


def lead_days(presentation: Presentation, stays: Sequence[Stay]) -> list[tuple[int, float]]:
    """Return (student, days from the flag to the withdrawal) of flags whose student withdrew."""
    students = presentation.students
    return [
        (stay.student, float(students[stay.student].ends - stay.first))
        for stay in stays
        if students[stay.student].withdrew
    ]


def precision(presentation: Presentation, flagged: Sequence[int]) -> float | None:
    """Return the share of flags whose student withdrew or failed in the end."""
    helped = sum(presentation.students[each].needed_help for each in flagged)
    return helped / len(flagged) if flagged else None


def mean(values: Sequence[float | None]) -> float | None:
    """Return the mean of the known values; None where none is known."""
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def flag_rates(
    presentation: Presentation, stays: Sequence[Stay], resampled: Resampled | None = None
) -> dict[str, Figure]:
    """Map ``flag_rate_ratio: gender F`` to the group's share ever flagged, divided by that of all
    students.

    Shares are of rounded counts. ``value`` is ``None`` for a group that is too small to publish.
    Intervals are of the draws as they are, where they are given.
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
            low, high = (
                _range(who, list(presentation.students), flagged, resampled)
                if resampled and ratio is not None
                else (None, None)
            )
            ratios[f"flag_rate_ratio: {group} {name}"] = Figure(ratio, low=low, high=high)
    return ratios


def _rate(who: Sequence[int], flagged: set[int]) -> float | None:
    return share(sum(each in flagged for each in who), len(who))


def _range(
    who: Sequence[int], everybody: Sequence[int], flagged: set[int], resampled: Resampled
) -> tuple[float | None, float | None]:
    from worker.evaluate.bootstrap import interval

    group = resampled.share(who, [each in flagged for each in who])
    whole = resampled.share(everybody, [each in flagged for each in everybody])
    with np.errstate(invalid="ignore", divide="ignore"):
        draws = (group.parts / group.wholes) / (whole.parts / whole.wholes)
    return interval(draws[np.isfinite(draws)])
