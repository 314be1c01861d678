"""Intervals of figures: draw the students again, with replacement, and see how each figure varies.

Students are drawn whole, with all their flags, since the flags of one student are not independent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

DRAWS = 500
SEED = 20131007
_EDGES = (2.5, 97.5)
"""Percentiles of the draws: the 95% interval."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure. ``None`` stands for what does not exist, or cannot be measured."""

    value: float | None
    control: float | None = None
    """The same of flags that are dealt at random."""
    reference: float | None = None
    """The same of a model that is fitted to the outcomes."""
    low: float | None = None
    high: float | None = None
    stronger: float | None = None
    """The same of a stronger model, fitted on other modules."""


@dataclass(frozen=True, slots=True, eq=False)
class Ratio:
    """A sum over students divided by another, once as it is and once for each draw."""

    part: float
    whole: float
    parts: Numbers
    wholes: Numbers

    @property
    def value(self) -> float | None:
        """Return the ratio; None where nothing is divided by."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """Return the 95% interval; (None, None) where the ratio does not exist."""
        if not self.whole:
            return None, None
        there = self.wholes > 0
        return interval(self.parts[there] / self.wholes[there])

    def figure(self, control: float | None = None) -> Figure:
        """Return the ratio as a figure with its interval."""
        low, high = self.interval
        return Figure(self.value, control, low=low, high=high)


def pooled(ratios: Sequence[Ratio]) -> Ratio:
    """Add up the same ratio of several cohorts, draw by draw. There is one at least."""
    return Ratio(
        sum(each.part for each in ratios),
        sum(each.whole for each in ratios),
        np.sum([each.parts for each in ratios], axis=0),
        np.sum([each.wholes for each in ratios], axis=0),
    )


def interval(draws: Numbers) -> tuple[float | None, float | None]:
    """Return the 95% interval of the draws; (None, None) without any."""
    known = draws[~np.isnan(draws)]
    if not known.size:
        return None, None
    low, high = np.percentile(known, _EDGES)
    return float(low), float(high)


class Resampled:
    """The draws of one cohort: how often each student is in each. Every figure uses the same."""

    def __init__(self, students: Iterable[int], draws: int = DRAWS, seed: int = SEED) -> None:
        self.students = sorted(students)
        size = len(self.students)
        chance = np.random.default_rng(seed)
        even = np.full(size, 1 / size)
        self._times: Numbers = chance.multinomial(size, even, size=draws).astype(np.float64)
        self._column = {student: number for number, student in enumerate(self.students)}

    def columns(self, students: Iterable[int]) -> npt.NDArray[np.intp]:
        """Return the columns of these students, one for each mention."""
        return np.array([self._column[each] for each in students], dtype=np.intp)

    def times(self, students: Iterable[int]) -> Numbers:
        """Return how often each of these is drawn: one row a draw, one column a mention."""
        return self._times[:, self.columns(students)]

    def ratio(self, part: Numbers, whole: Numbers) -> Ratio:
        """Return the sum of ``part`` over the sum of ``whole``; each has one number a student."""
        return Ratio(float(part.sum()), float(whole.sum()), self._times @ part, self._times @ whole)

    def share(self, flagged: Sequence[int], right: Sequence[bool]) -> Ratio:
        """Return the share of these mentions of students that were right."""
        columns = self.columns(flagged)
        hits, all_of_them = np.zeros(len(self.students)), np.zeros(len(self.students))
        np.add.at(hits, columns, np.array(right, dtype=np.float64))
        np.add.at(all_of_them, columns, 1.0)
        return self.ratio(hits, all_of_them)

    def quantile(self, of: Sequence[tuple[int, float]], share: float) -> Figure:
        """Return a quantile of (student, number); of two in the middle, their mean."""
        if not of:
            return Figure(None)
        ordered = sorted(of, key=lambda each: each[1])
        numbers = np.array([number for _, number in ordered], dtype=np.float64)
        times = self.times(student for student, _ in ordered)
        value = float(np.quantile(numbers, share, method="averaged_inverted_cdf"))
        upto = times.cumsum(axis=1)
        there = upto[:, -1] > 0
        places = (upto[there] < share * upto[there, -1:]).sum(axis=1)
        low, high = interval(numbers[places])
        return Figure(value, low=low, high=high)

    def largest(self, of: Sequence[tuple[Iterable[int], Iterable[int]]]) -> Figure:
        """Return the largest share over several (students, those they are among)."""
        rows = [(self._times[:, self.columns(some)].sum(axis=1),
                 self._times[:, self.columns(everyone)].sum(axis=1),
                 len(list(some)) / len(list(everyone)))
                for some, everyone in of if list(everyone)]  # fmt: skip
        if not rows:
            return Figure(0.0)
        draws = np.max([part / np.maximum(whole, 1) for part, whole, _ in rows], axis=0)
        low, high = interval(draws)
        return Figure(max(share for *_, share in rows), low=low, high=high)

    def area(
        self, outcome: Sequence[bool], places: Sequence[float], students: Sequence[int]
    ) -> Numbers:
        """Return, for each draw, the area under the ROC curve of an order; NaN without both
        outcomes.

        A larger place stands for more evidence; equal places share.
        """
        order = np.argsort(np.array(places), kind="stable")
        place = np.array(places)[order]
        right = np.array(outcome, dtype=bool)[order]
        times = self.times(np.array(students)[order].tolist())
        first = np.r_[0, np.flatnonzero(np.diff(place)) + 1]
        wrong = np.add.reduceat(np.where(right, 0.0, times), first, axis=1)
        hits = np.add.reduceat(np.where(right, times, 0.0), first, axis=1)
        below = wrong.cumsum(axis=1) - wrong / 2
        pairs = hits.sum(axis=1) * wrong.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            found: Numbers = (hits * below).sum(axis=1) / pairs
        return found
