"""Measure many schools together, so that an error in one school stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import structlog

from integrations.error_summary import GOES_THROUGH, place
from store.policies.versions import PublishedPolicy
from store.rules.errors import CaseworkError
from store.rules.flag_rules.base import Criterion
from store.rules.flag_rules.evidence import Evidence

log = structlog.get_logger(__name__)

Measure = Callable[..., Iterator[tuple[str, list[Evidence]]]]
Nets = Mapping[str, Criterion]
TakenEvidence = Callable[[], list[Evidence]]

Policies = Mapping[str, PublishedPolicy]
"""School code → the policy in force."""


def school_by_school(measure: Measure, nets: Nets) -> Iterator[tuple[str, TakenEvidence]]:
    """Yield each school and a function that returns its evidence.

    All are measured at once. Where one school's evidence cannot be measured, that school and those
    after it are measured one by one.

    Raises:
        LakeError: the activity lake cannot be read.
    """
    left = dict(nets)
    try:
        for code, evidence in measure(criteria=nets):
            yield code, partial(_same, evidence)
            del left[code]
    except (*GOES_THROUGH, CaseworkError):
        raise
    except Exception as error:  # noqa: BLE001 -- raised again by the school that it is about
        log.warning("measured one by one", reason=type(error).__name__, where=place(error))
        for code, net in left.items():
            yield code, partial(_measured_alone, measure, code, net)


def _same(evidence: list[Evidence]) -> list[Evidence]:
    return evidence


def _measured_alone(measure: Measure, code: str, net: Criterion) -> list[Evidence]:
    return [each for _, found in measure(criteria={code: net}) for each in found]
