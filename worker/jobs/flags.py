"""The nightly screening: from the lake to flags, cases and cards, one school after another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

import structlog

from integrations.activity.changed_days import (
    changed_since_screened,
    remember_screened,
    states_now,
)
from integrations.activity.lake_folders import SourceDay
from integrations.activity.measured import LOOKBACK
from integrations.activity.population import refresh_roster
from integrations.activity.relations import agreed_sources
from integrations.bootstrap import Services
from store.actions.cases.pause import cases_to_resume, resume_one
from store.actions.cases.transfer import transfer_cases
from store.actions.flags.keep_looks import keep_looks
from store.actions.flags.screen import Screened, record_screening, students_with_active_flags
from store.actions.flags.stored_flags import note_corrected
from store.actions.notices.troubles import Trouble
from store.db.unit_of_work import Store
from store.policies.versions import PublishedPolicy, policy_in_force
from store.queries.contacts import engaged_on
from store.queries.schools.left_out import left_out_of
from store.queries.schools.roster import student_levels
from store.queries.schools.staff import all_schools, is_newest_screening, schools_screened
from store.queries.students.exemptions import back_since
from store.rules.errors import InvalidInput
from store.rules.flag_rules.base import through
from store.rules.flag_rules.evidence import Evidence
from store.rules.flag_rules.session_weeks import Charts
from store.rules.flags import flagging
from store.rules.flags.ranking import in_order
from store.rules.model import FlagEnd, TroubleKind
from worker.jobs.corrected_figures import corrected_figures
from worker.jobs.corrections import judged_again
from worker.jobs.measuring import Policies, TakenEvidence, school_by_school
from worker.one_by_one import each_case, one_by_one

NOT_SCREENED = "Your school was not screened, so it has no new flags or cases today."

log = structlog.get_logger(__name__)

Progress = Callable[[Screened], None]


def screen(
    services: Services,
    day: dt.date,
    progress: Progress | None = None,
    *,
    only_missing: bool = False,
) -> list[Screened]:
    """Screen every school that has a policy in force, over what was known before ``day``.

    Each school is one transaction, so a run that dies leaves each school either done or unchanged.
    Running the day again completes it and changes nothing else. ``only_missing`` continues where a
    run was cut off. The failure of a school is recorded, and the others are screened.

    Raises:
        InvalidInput: no school has a policy in force on that day.
        LakeError: the activity lake cannot be read.
    """
    policies = _policies(services, day)
    days = states_now(services.lake)
    changed = changed_since_screened(services.lake, days)
    transfer_cases(services.store)
    _resume_due(services.store, day)
    refresh_roster(services)
    with services.store.database.read() as connection:
        watched = frozenset(
            chain.from_iterable(
                students_with_active_flags(connection, published.school, day)
                for published in policies.values()
            )
        )
        left_out = {
            code: left_out_of(connection, published.school, published.policy, day)
            for code, published in policies.items()
        }
        back = back_since(connection, day, LOOKBACK)
        met = engaged_on(connection, day - LOOKBACK, through(day))
    corrected_of = corrected_figures(services, policies, day, changed)
    results: list[Screened] = []
    agreed = agreed_sources(each.policy for each in policies.values())
    nets = {code: flagging.criterion(each.policy, day) for code, each in policies.items()}
    periods = {code: flagging.clearing(each.policy, day) for code, each in policies.items()}
    if only_missing:
        with services.store.database.read() as connection:
            done_already = schools_screened(connection, day)
        nets = {code: n for code, n in nets.items() if policies[code].school not in done_already}

    def screen_one(school: tuple[str, TakenEvidence]) -> None:
        code, taken = school
        covered = [each for each in taken() if each.student not in left_out[code]]
        # Asked again for each school: taking the measures is what finds a damaged file.
        unknown = flagging.unknown_sources(services.engine.newest(day), day)
        if corrected := corrected_of(code):
            note_corrected(services.store, corrected)
        done = _record(services, policies[code], day, covered, unknown, left_out[code], changed)
        results.append(done)
        if progress:
            progress(done)

    def named(school: tuple[str, TakenEvidence]) -> Trouble:
        number = policies[school[0]].school
        return Trouble(TroubleKind.SCHOOL, f"screening:{number}", NOT_SCREENED, number)

    measure = partial(
        services.engine.evidence,
        day,
        agreed,
        also=watched,
        back=back,
        met=met,
        clearing=periods,
    )
    taken = school_by_school(measure, nets)
    one_by_one(services.store, TroubleKind.SCHOOL, taken, named, screen_one)
    with services.store.database.read() as connection:
        is_newest = is_newest_screening(connection, day)
    # An earlier day leaves corrections to the newest: its flags were not judged here.
    if is_newest and len(results) == len(nets):
        remember_screened(services.lake, days)
    return results


def _resume_due(store: Store, day: dt.date) -> None:
    """End the pauses whose day has come, each case by itself."""
    due: dict[int, int | None] = dict.fromkeys(cases_to_resume(store, day))
    each_case(store, due, "resume", lambda case: resume_one(store, case, day))


def _policies(services: Services, day: dt.date) -> Policies:
    with services.store.database.read() as connection:
        policies = {
            school.code: found
            for school in all_schools(connection)
            if (found := policy_in_force(connection, school.id, day))
        }
    if not policies:
        raise InvalidInput(
            f"No school has a policy in force on {day}. Publish one with: "
            "lantern policy publish FILE"
        )
    return policies


def _record(
    services: Services,
    published: PublishedPolicy,
    day: dt.date,
    evidence: Sequence[Evidence],
    unknown: frozenset[str],
    left_out: Mapping[int, FlagEnd | None],
    changed: frozenset[SourceDay],
) -> Screened:
    policy = published.policy
    with services.store.database.read() as connection:
        levels = student_levels(connection, policy.overrides)
    found = [
        finding
        for each in evidence
        for finding in flagging.findings(policy, each, day, levels.get(each.student))
    ]
    flagged = {each.student for each in found}
    looks = [
        look
        for each in evidence
        if each.student not in flagged
        for look in flagging.looks(policy, each, day)
    ]
    weeks = Charts(evidence, day, policy.calendar)
    order = in_order(evidence)
    judge = flagging.judging(policy, evidence, day, levels, left_out)
    again = judged_again(services, published, day, found, changed, left_out)
    judge = flagging.correcting(judge, again)
    looked = keep_looks(services.store, published.school, day, looks)
    done = record_screening(services.store, published, day, found, weeks, judge, unknown, order)
    return replace(done, looks=looked)


def totals(results: Iterable[Screened]) -> tuple[int, int, int]:
    """Return (flags raised, cases opened, students worth a look) over all schools."""
    each = list(results)
    return (
        sum(one.flags_raised for one in each),
        sum(one.cases_opened for one in each),
        sum(one.looks for one in each),
    )
