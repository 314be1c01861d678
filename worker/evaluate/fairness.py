"""Compare how often groups of students are flagged, with small numbers suppressed."""

from __future__ import annotations

from collections.abc import Sequence

from store.rules.small_numbers import share
from worker.evaluate.metrics import Figure
from worker.evaluate.presentations import GROUPS, Presentation
from worker.evaluate.replay import Stay


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
