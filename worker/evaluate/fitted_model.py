"""The benchmarks: models fitted to the outcomes, which the order is compared with.

They are only for comparison. Lantern itself uses no such model.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from store.rules.flag_rules.evidence import Evidence, Measure
from store.rules.flags.ranking import standing, strength
from store.rules.model import MarkerFamily
from worker.evaluate.bootstrap import Figure, Numbers, Resampled, interval
from worker.evaluate.metrics import mean
from worker.evaluate.presentations import START, Presentation
from worker.evaluate.random_control import RUNS

_FOLDS = 5
_SHUFFLES = 3
"""The number of cross-validations to average: with a few hundred students, a single one is luck."""
_FAMILIES = (MarkerFamily.VLE, MarkerFamily.SUBMISSIONS)
_WEEKS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What one presentation's students are judged by on one day, and what became of them."""

    module: str
    measures: Numbers
    """One row a student: every measure that is known that day. No personal characteristic."""
    outcome: Sequence[bool]


def auc(
    presentation: Presentation, evidence: Sequence[Evidence], resampled: Resampled
) -> tuple[Figure, Numbers]:
    """Return the area under the ROC curve of the evidence order, for withdrawing or failing, and
    the same of each draw.

    ``control`` is the area of random orders. ``reference`` is that of a logistic regression on the
    measures that decide the order, cross-validated: each student's probability comes from a model
    that was not fitted to them. ``value`` is ``None`` where all students had the same outcome,
    ``reference`` where too few had one of the two to cross-validate.
    """
    outcome = outcomes(presentation, evidence)
    if len(set(outcome)) < 2:
        return Figure(None), np.array([])
    places = standing(evidence)
    ours = [float(places[each.student]) for each in evidence]
    draws = resampled.area(outcome, ours, [each.student for each in evidence])
    low, high = interval(draws)
    figure = Figure(
        value=_area(outcome, ours),
        control=mean([_random_auc(outcome, run) for run in range(RUNS)]),
        reference=_fitted(evidence, outcome),
        low=low,
        high=high,
    )
    return figure, draws


def known_on(presentation: Presentation, evidence: Sequence[Evidence], day: int) -> Known:
    """Return what the stronger model is given of this presentation on this day."""
    date = START + dt.timedelta(days=day)
    rows = [list(_every_measure(each, date)) for each in evidence]
    module = presentation.name.rpartition("-")[0]
    return Known(module, np.array(rows, dtype=np.float64), outcomes(presentation, evidence))


def areas_of_others(known: Mapping[str, Known]) -> dict[str, float]:
    """Map presentations to the area of a model that was trained on the other modules alone.

    Histogram gradient boosting, one for each module that is left out. A presentation is missing
    where there is no other module with both outcomes, or its own students had one alone.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    found: dict[str, float] = {}
    for module in sorted({each.module for each in known.values()}):
        others = [each for each in known.values() if each.module != module and len(each.outcome)]
        outcome = [right for each in others for right in each.outcome]
        if len(set(outcome)) < 2:
            continue
        model = HistGradientBoostingClassifier(
            learning_rate=0.05, max_iter=150, max_leaf_nodes=15, min_samples_leaf=30,
            l2_regularization=1.0, random_state=0,
        )  # fmt: skip
        measures = np.vstack([each.measures for each in others])
        varies = _varying(measures)
        model.fit(measures[:, varies], outcome)
        for name, each in known.items():
            if each.module == module and len(set(each.outcome)) == 2:
                found[name] = _area(
                    each.outcome, model.predict_proba(each.measures[:, varies])[:, 1]
                )
    return found


def _varying(measures: Numbers) -> list[int]:
    """Return the columns that tell students apart: others say nothing, and cannot be fitted."""
    columns = enumerate(measures.T)
    return [n for n, column in columns if len(np.unique(column[~np.isnan(column)])) > 1]


def outcomes(presentation: Presentation, evidence: Sequence[Evidence]) -> list[bool]:
    """Return, for each student, whether they withdrew or failed in the end."""
    return [presentation.students[each.student].needed_help for each in evidence]


def _random_auc(outcome: Sequence[bool], run: int) -> float:
    chance = Random(run)  # noqa: S311 -- reproducible chance, not cryptography
    return _area(outcome, [chance.random() for _ in outcome])


def _area(outcome: Sequence[bool], places: Sequence[float] | Numbers) -> float:
    # Imported here and below only where a model is fitted: importing takes seconds.
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(outcome, places))


def _fitted(evidence: Sequence[Evidence], outcome: Sequence[bool]) -> float | None:
    if min(sum(outcome), len(outcome) - sum(outcome)) < _FOLDS:
        return None
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000))
    measures = [_measures(each) for each in evidence]
    found = []
    for run in range(_SHUFFLES):
        folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=run)
        fitted = cross_val_predict(model, measures, outcome, cv=folds, method="predict_proba")
        found.append(_area(outcome, fitted[:, 1]))
    return mean(found)


def _measures(evidence: Evidence) -> list[float]:
    """Return the measures that decide the order; 0, and a column that marks it, where one is
    missing."""
    found: list[float] = []
    for family in _FAMILIES:
        known = strength(evidence, family)
        found += [float(each) for each in known or (0,)]
        found.append(float(known is None))
    return found


def _every_measure(evidence: Evidence, day: dt.date) -> Iterator[float]:
    """Yield every measure of the day, always as many; NaN where one is missing."""
    since = evidence.enrolled_since
    yield float((day - since).days) if since else np.nan
    yield evidence.middle if evidence.middle is not None else np.nan
    yield from _eight(evidence.weeks)
    for family in _FAMILIES:
        found = [each for each in evidence.measures if each.family is family]
        yield from _of_family(found[0] if found else None, day)
        places = strength(evidence, family)
        yield places[0] if places else np.nan


def _of_family(measure: Measure | None, day: dt.date) -> Iterator[float]:
    if measure is None:
        yield from [np.nan] * (9 + 3 * _WEEKS)
        return
    yield float((day - measure.last_done).days) if measure.last_done else np.nan
    yield from (measure.active_days_28, measure.expected_28, measure.done_28)
    yield from (measure.work_due, measure.days_late, len(measure.missed))
    yield float(measure.days_seen.bit_count())
    yield measure.class_in_period if measure.class_in_period is not None else np.nan
    own, of_class = _eight(measure.weeks), _eight(measure.class_weeks)
    yield from own
    yield from of_class
    yield from (mine - theirs for mine, theirs in zip(own, of_class, strict=True))


def _eight(weeks: Sequence[float]) -> list[float]:
    """Return the last eight weeks; NaN before the first that is known."""
    return [np.nan] * (_WEEKS - len(weeks)) + [float(each) for each in weeks[-_WEEKS:]]
