"""All figures of one presentation, each with its interval, and what the curves are drawn from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from store.rules.flag_rules.evidence import Evidence
from store.rules.flags.capacity import Room
from store.rules.flags.ranking import in_order
from worker.evaluate.bootstrap import Figure, Numbers, Ratio, Resampled
from worker.evaluate.fitted_model import Known, auc, known_on
from worker.evaluate.metrics import (
    flag_rates,
    lead_days,
    precision,
    ratios_of_list,
    sums_of_list,
    sums_of_looks,
)
from worker.evaluate.presentations import Presentation
from worker.evaluate.random_control import control_sums, first_of_each_week, random_precision_at
from worker.evaluate.replay import (
    Progress,
    Queue,
    Replay,
    default_policy,
    registered_on,
    replay,
)

RATES = (1, 2, 5)
"""New flags per 100 students a week at which the order's precision is taken."""
DRAWN_RATES = (0.5, 1, 1.5, 2, 3, 4, 5, 7, 10)
TENTHS = 10

Figures = dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Curves:
    """What is drawn of one presentation."""

    burden: list[tuple[float, Figure]]
    """(new flags per 100 a week, precision of the first of the order)."""
    lead: list[float]
    """Days from flag to withdrawal, of every flag whose student withdrew."""
    tenths: Mapping[int, list[Figure]]
    """Day → the share that withdrew or failed, for each tenth of the order, the first first."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One presentation's figures, and the sums by which they are pooled with others."""

    name: str
    students: int
    days: int
    figures: Figures
    ratios: Mapping[str, Ratio]
    rules: Mapping[str, Figures]
    """Surge rule → its figures; the policy's own is first."""
    rule_ratios: Mapping[str, Mapping[str, Ratio]]
    areas: Mapping[int, Numbers]
    """Day → the area under the order's curve in each draw."""
    known: Mapping[int, Known]
    """Day → what the stronger model is given."""
    curves: Curves

    def add_stronger(self, day: int, area: float) -> None:
        """Record what the stronger model reaches on this day."""
        name = f"auc_day_{day}"
        self.figures[name] = replace(self.figures[name], stronger=area)


def evaluate(presentation: Presentation, room: Room, progress: Progress) -> Evaluated:
    """Return every measure of one presentation."""
    # A presentation without known work is replayed like a school that has click data alone.
    policy = default_policy(presentation.lake.newest_days(dt.date.max))
    result = replay(presentation, policy, room, progress)
    resampled = Resampled(presentation.students)
    there = registered_on(presentation)
    ratios, figures = _list_figures(presentation, result, resampled, there)
    rule_ratios = {
        name: ratios_of_list(sums_of_list(presentation, queue.stays, there), resampled)
        for name, queue in result.queues.items()
    }
    rules = {
        name: {key: each.figure() for key, each in rule_ratios[name].items()}
        | _queue_figures(presentation, queue, resampled)
        for name, queue in result.queues.items()
    }
    looks = ratios_of_list(sums_of_looks(presentation, result.looks, result.stays), resampled)
    ratios |= looks
    figures |= {name: each.figure() for name, each in looks.items()}
    figures |= _queue_figures(presentation, result.own, resampled)
    figures |= _surges(presentation, result, resampled, there)
    for rate in RATES:
        figures[f"precision_at_{rate}_per_100_a_week"] = replace(
            _precision_at(presentation, result, rate, resampled),
            control=random_precision_at(presentation, rate, result.weekly),
        )
    areas = {}
    for day, evidence in result.evidence.items():
        figures[f"auc_day_{day}"], areas[day] = auc(presentation, evidence, resampled)
    figures |= flag_rates(presentation, result.stays, resampled)
    known = {
        day: known_on(presentation, evidence, day)
        for day, evidence in result.evidence.items()
        if evidence
    }
    return Evaluated(
        presentation.name,
        len(presentation.students),
        presentation.last_day,
        figures,
        ratios,
        rules,
        rule_ratios,
        areas,
        known,
        Curves(
            [(r, _precision_at(presentation, result, r, resampled)) for r in DRAWN_RATES],
            [days for _, days in lead_days(presentation, result.stays)],
            {d: _tenths(presentation, e, resampled) for d, e in result.evidence.items()},
        ),
    )


def _list_figures(
    presentation: Presentation,
    result: Replay,
    resampled: Resampled,
    there: Mapping[int, list[int]],
) -> tuple[dict[str, Ratio], Figures]:
    sums = sums_of_list(presentation, result.stays, there)
    dealt, lead_by_chance = control_sums(presentation, result.stays, there)
    ratios = ratios_of_list(sums, resampled)
    figures = {}
    for name, ratio in list(ratios.items()):
        part, whole = dealt[name]
        figures[name] = ratio.figure(
            control=float(part.sum() / whole.sum()) if whole.sum() else None
        )
        if name.startswith("withdrawals_"):
            # A quotient of two shares of the same students: their number falls out.
            times = resampled.ratio(sums[name][0], part)
            figures[f"times_chance: {name}"] = times.figure()
            ratios[f"times_chance: {name}"] = times
    lead = resampled.quantile(lead_days(presentation, result.stays), 0.5)
    figures["median_lead_days"] = replace(lead, control=lead_by_chance)
    return dict(ratios), figures


def _queue_figures(presentation: Presentation, queue: Queue, resampled: Resampled) -> Figures:
    """Return what the school would have seen of the queue."""
    waits = [(student, float(days)) for student, days in queue.waits]
    days = max(len(queue.taken), 1)
    never = sorted(queue.never)
    taken = [student for student, _ in queue.waits]
    ever = {*never, *taken}
    return {
        "held_days": Figure(float(len({day for day, *_ in queue.held}))),
        "days_waited_median": resampled.quantile(waits, 0.5),
        "days_waited_90th_percentile": resampled.quantile(waits, 0.9),
        "cards_a_day": Figure(len(taken) / days),
        "cards_on_the_busiest_day": Figure(float(max(queue.taken.values(), default=0))),
        "flagged_never_taken_up": Figure(float(len(never))),
        "share_of_flagged_never_taken_up": resampled.share(
            sorted(ever), [each in queue.never for each in sorted(ever)]
        ).figure(),
        "needed_help_among_those_never_taken_up": Figure(precision(presentation, never)),
    }


def _surges(
    presentation: Presentation,
    result: Replay,
    resampled: Resampled,
    there: Mapping[int, list[int]],
) -> Figures:
    """Return the largest share flagged on a day, before any limit, and how right surges are."""
    students = presentation.students
    surging = {day for queue in result.queues.values() for day, *_ in queue.held}
    shares = {}
    for name, days in (
        ("precision_of_flags_on_surge_days", surging),
        ("precision_of_flags_on_other_days", result.fired.keys() - surging),
    ):
        flagged = [each for day in sorted(days) for each in sorted(result.fired.get(day, ()))]
        shares[name] = resampled.share(flagged, [students[s].needed_help for s in flagged]).figure()
    busy = sorted(result.fired.items(), key=lambda one: -len(one[1]))[:5]
    flags = sum(map(len, result.fired.values()))
    on_surges = sum(len(result.fired.get(day, ())) for day in surging)
    return {
        "largest_share_of_a_cohort_on_a_day": resampled.largest(
            [(sorted(who), there[day]) for day, who in busy]
        ),
        "share_of_flags_on_surge_days": Figure(on_surges / flags if flags else None),
        **shares,
    }


def _precision_at(
    presentation: Presentation, result: Replay, rate: float, resampled: Resampled
) -> Figure:
    flagged = first_of_each_week(rate, result.weekly)
    right = [presentation.students[each].needed_help for each in flagged]
    return resampled.share(flagged, right).figure()


def _tenths(
    presentation: Presentation, evidence: list[Evidence], resampled: Resampled
) -> list[Figure]:
    order = in_order(evidence)
    parts = [
        order[len(order) * n // TENTHS : len(order) * (n + 1) // TENTHS] for n in range(TENTHS)
    ]
    students = presentation.students
    return [
        resampled.share(each, [students[s].needed_help for s in each]).figure() for each in parts
    ]
