"""The benchmark: a model fitted to the outcomes, on the same measures.

It is only for comparison. Lantern itself uses no such model.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from store.rules.flag_rules.evidence import Evidence
from store.rules.flags.ranking import standing, strength
from store.rules.model import MarkerFamily
from worker.evaluate.metrics import Figure, mean
from worker.evaluate.presentations import Presentation
from worker.evaluate.random_control import RUNS

_FOLDS = 5
_SHUFFLES = 10
"""The number of cross-validations to average: with a few hundred students, a single one is luck."""


def auc(presentation: Presentation, evidence: Sequence[Evidence]) -> Figure:
    """Return the area under the ROC curve of the evidence order, for withdrawing or failing.

    ``control`` is the area of random orders. ``reference`` is that of a logistic regression on the
    measures that decide the order, cross-validated: each student's probability comes from a model
    that was not fitted to them. ``value`` is ``None`` where all students had the same outcome,
    ``reference`` where too few had one of the two to cross-validate.
    """
    outcome = [presentation.students[each.student].needed_help for each in evidence]
    if len(set(outcome)) < 2:
        return Figure(None)
    places = standing(evidence)
    ours = [float(places[each.student]) for each in evidence]
    return Figure(
        value=_area(outcome, ours),
        control=mean([_random_auc(outcome, run) for run in range(RUNS)]),
        reference=_fitted(evidence, outcome),
    )


def _random_auc(outcome: Sequence[bool], run: int) -> float:
    chance = Random(run)  # noqa: S311 -- reproducible chance, not cryptography
    return _area(outcome, [chance.random() for _ in outcome])


def _area(outcome: Sequence[bool], places: Sequence[float]) -> float:
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
    for family in (MarkerFamily.VLE, MarkerFamily.SUBMISSIONS):
        known = strength(evidence, family)
        found += [float(each) for each in known or (0,)]
        found.append(float(known is None))
    return found
