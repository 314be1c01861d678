"""Find continuing flags in unsent emails whose figures later data corrected.

The figures are from the newest screened day. It is measured again with the data known now, and only
the words that a student would read are compared.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial

from integrations.activity.lake_folders import SourceDay
from integrations.activity.measured import LOOKBACK
from integrations.activity.relations import agreed_sources
from integrations.bootstrap import Services
from store.policies.versions import PublishedPolicy
from store.queries.contacts import engaged_on
from store.queries.flags.stated import Stated, newest_screened, stated_in_emails
from store.queries.schools.roster import student_levels
from store.queries.students.exemptions import back_since
from store.rules.flag_rules.base import Criterion, through
from store.rules.flag_rules.evidence import Evidence, Finding
from store.rules.flags import flagging
from worker.jobs.corrections import is_unknown
from worker.jobs.measuring import Policies, TakenEvidence, school_by_school

Changed = Collection[SourceDay]
CorrectedOf = Callable[[str], frozenset[int]]
"""School code → its flags, by id, whose figures were corrected."""


def corrected_figures(
    services: Services, policies: Policies, day: dt.date, changed: Changed
) -> CorrectedOf:
    """Find the corrected figures in unsent emails, for all schools at once.

    ``changed`` are the days that were rebuilt since the screening before ``day``. Where a rebuilt
    day has no data on a student any more, that day is unknown and nothing is corrected.
    """
    doubtful: defaultdict[dt.date, dict[str, list[Stated]]] = defaultdict(dict)
    for code, published in policies.items() if changed else ():
        with services.store.database.read() as connection:
            last = newest_screened(connection, published.school)
            stated = stated_in_emails(connection, published)
        if last is None or last > day:
            continue
        if those := [each for each in stated if _is_doubtful(services, published, each, changed)]:
            doubtful[last][code] = those
    found: dict[str, Callable[[], frozenset[int]]] = {}
    for last, of_schools in doubtful.items():
        for code, taken in _measured_again(services, policies, last, of_schools):
            found[code] = partial(
                _corrected, services, policies[code], last, of_schools[code], taken
            )
    return lambda code: found[code]() if code in found else frozenset()


def _is_doubtful(
    services: Services, published: PublishedPolicy, stated: Stated, changed: Changed
) -> bool:
    """Return whether a changed day is among those that the figures rest on."""
    agreed = {source for _, source in published.policy.agreed_sources}
    sources = stated.sources | (agreed if stated.is_overall else set())
    first = stated.fresh - LOOKBACK
    days = [each for each in changed if each.source in sources and first < each.day <= stated.fresh]
    return bool(days) and not is_unknown(services, stated.run.student, days)


def _measured_again(
    services: Services, policies: Policies, day: dt.date, of_schools: Mapping[str, list[Stated]]
) -> Iterator[tuple[str, TakenEvidence]]:
    """Yield each of these schools and a function for the evidence of its students on ``day``."""
    who = {each.run.student for those in of_schools.values() for each in those}
    with services.store.database.read() as connection:
        back = back_since(connection, day, LOOKBACK)
        met = engaged_on(connection, day - LOOKBACK, through(day))
    these = {code: policies[code] for code in of_schools}

    def measure(criteria: Mapping[str, Criterion]) -> Iterator[tuple[str, list[Evidence]]]:
        measured = services.engine.evidence(
            day,
            agreed_sources(each.policy for each in policies.values()),
            criteria,
            also=who,
            back=back,
            met=met,
            clearing={code: flagging.clearing(each.policy, day) for code, each in these.items()},
        )
        for code, everyone in measured:
            yield code, [each for each in everyone if each.student in who]

    nets = {code: flagging.criterion(each.policy, day) for code, each in these.items()}
    return school_by_school(measure, nets)


def _corrected(
    services: Services,
    published: PublishedPolicy,
    day: dt.date,
    stated: Collection[Stated],
    taken: TakenEvidence,
) -> frozenset[int]:
    evidence = taken()
    with services.store.database.read() as connection:
        levels = student_levels(connection, published.policy.overrides)
    found = {
        (finding.student, finding.key): finding
        for each in evidence
        for finding in flagging.findings(published.policy, each, day, levels.get(each.student))
    }
    judge = flagging.judging(published.policy, evidence, day, levels, {})
    wrong = set()
    for each in stated:
        says = found.get((each.run.student, each.run.key)) or judge(each.run)
        if says is None:
            continue
        if not isinstance(says, Finding) or says.reason_student != each.words:
            wrong.add(each.run.id)
    return frozenset(wrong)
