"""Record the lead's decision on Fitness to Study, with its evidence (§16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_people
from store.actions.reasons import reason_on
from store.actions.request import CaseRequest, Request, on_case
from store.db.student_keys import close_notes
from store.db.unit_of_work import Store, UnitOfWork
from store.policies.versions import policy_in_force, school_policy
from store.queries.cases.contact_ladder import ladder_of, looks_at_swipes
from store.queries.cases.entries import entries_of
from store.queries.contacts import contacts_of
from store.queries.schools.responsible import responsible
from store.queries.students.ended_cases import grace_of
from store.queries.students.enrolments import contributing
from store.queries.students.exemptions import exemption_on
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.cases.case import Case
from store.rules.cases.fitness_to_study import (
    FitnessFacts,
    FitnessQuestion,
    SwipesLookedAt,
    assess,
    window_first,
)
from store.rules.cases.lifecycle import Move
from store.rules.errors import NotPossibleNow
from store.rules.flag_rules.base import through
from store.rules.model import FitnessDecision, NoticeKind, Rung
from store.rules.policies.policy import SchoolPolicy
from store.rules.students.contacts import ContactQuestion as QuestionOf
from store.rules.students.digital_traces import Look, sources_of
from store.rules.text.formatting import counted, listed, on_day
from store.tables import enrolments
from store.tables import fitness as table

_SHOWS = (Shows.EVIDENCE, Shows.TRACES, Shows.STEPS)


def ask_fitness_question(
    store: Store, request: Request, case_id: int, look: Look
) -> FitnessQuestion:
    """Return the facts that the lead decides on, as they are now."""
    with on_case(store, request, Action.FITNESS, case_id) as asked:
        today = institution_day(asked.work.now)
        question = _question(asked.work.connection, asked.case, today, look)
        asked.disclose(_SHOWS, Implied.FITNESS, action="fitness-look")
        return question


def decide_fitness_to_study(
    store: Store,
    request: Request,
    case_id: int,
    decision: FitnessDecision,
    why: str,
    look: Look,
) -> str:
    """Record the lead's decision. Invoking refers the case, with the summary the lead saw.

    Raises ``NotPossibleNow`` where the procedure is no longer recommended.
    """
    with on_case(store, request, Action.FITNESS, case_id) as asked:
        tidy = reason_on(asked, why, field="why")
        today = institution_day(asked.work.now)
        question = _question(asked.work.connection, asked.case, today, look)
        invokes = decision is FitnessDecision.INVOKE
        if invokes and not question.assessment.recommended:
            # Why not is evidence: it is shown where the look is recorded.
            raise NotPossibleNow(
                f"{asked.case.reference}: it is not recommended now. To see why, type /lantern "
                f"fitness {asked.case.reference}."
            )
        _keep(asked, decision, tidy, question.summary if invokes else "")
        if invokes:
            asked.move(Move.REFER, rested_from=asked.case.status)
        else:
            asked.move(Move.WORK)
        if invokes:
            # The answer is the summary.
            asked.disclose(_SHOWS, Implied.FITNESS, action="fitness", why=tidy, decision=decision)
        else:
            asked.record("fitness", decision=decision)
        return question.summary


def surface(work: UnitOfWork, case: Case, look: Look, day: dt.date) -> bool:
    """Tell the leads that a decision is needed; return whether one is.

    Once, and again where they decided and still nothing was heard or seen after the school's time
    of grace.
    """
    question = _question(work.connection, case, day, look)
    if not question.assessment.recommended:
        return False
    newest = sa.select(table.c.id, table.c.at).where(table.c.case_id == case.id)
    decided = work.connection.execute(newest.order_by(table.c.id.desc()).limit(1)).first()
    occasion = question.occasion
    if decided is not None:
        if day < grace_of(work.connection, case.school, day).ends_on(decided.at):
            return False
        occasion = f"{occasion}:{decided.id}"
    told = Notice(NoticeKind.FITNESS, case.school, occasion, case.id)
    notify_people(work, responsible(work.connection, case.school), told)
    return True


def is_recommended(connection: sa.Connection, case: Case, look: Look, day: dt.date) -> bool:
    """Return whether Fitness to Study is recommended now; ``surface`` checks it again."""
    return _question(connection, case, day, look).assessment.recommended


def _keep(asked: CaseRequest, decision: FitnessDecision, why: str, summary: str) -> None:
    asked.work.connection.execute(
        sa.insert(table).values(
            case_id=asked.case.id,
            decided_by=asked.actor.id,
            decision=decision,
            **close_notes(asked.work.connection, asked.case.student, why=why, summary=summary),
            at=asked.work.now,
        )
    )


def _question(connection: sa.Connection, case: Case, today: dt.date, look: Look) -> FitnessQuestion:
    policy = school_policy(connection, case.school, today)
    since = window_first(policy, today)
    sources = sources_to_look_in(connection, case, policy, today)
    traces = look(case.student, sources, since, through(today))
    joined = connection.execute(
        sa.select(sa.func.min(enrolments.c.starts)).where(
            enrolments.c.student_id == case.student,
            enrolments.c.ends.is_(None) | (enrolments.c.ends >= today),
        )
    ).scalar_one_or_none()
    swipes = _swipes(connection, case, policy, since, today, look)
    facts = FitnessFacts(
        case=case,
        ladder=ladder_of(connection, case, policy, today),
        contacts=contacts_of(connection, case.student, policy.calendar, QuestionOf.FITNESS, traces),
        traces=traces,
        enrolled_since=joined,
        exempt=exemption_on(connection, case.student, today),
        today=today,
        swipes=swipes,
    )
    summary = _summary(policy, facts, since, _automatic_replies(connection, case, since))
    return FitnessQuestion(case, assess(policy, facts), summary, _occasion(facts))


def _automatic_replies(connection: sa.Connection, case: Case, since: dt.date) -> list[dt.date]:
    """Return the days on which a machine replied for the student, from ``since`` on."""
    came = (institution_day(each.at) for each in entries_of(connection, case.id)["automatic"])
    return list(dict.fromkeys(day for day in came if day >= since))


def _swipes(
    connection: sa.Connection,
    case: Case,
    policy: SchoolPolicy,
    since: dt.date,
    today: dt.date,
    look: Look,
) -> SwipesLookedAt | None:
    """Return when card swipes were looked at, and their measured days; nothing of the student."""
    sources, days = sources_of(policy, swipes=True)
    if not sources or Rung.DIGITAL_TRACES not in {step.rung for step in policy.ladder}:
        return None
    looks = looks_at_swipes(connection, case.id)
    # Older swipes are not kept, so that nothing can be asked of them.
    first = max(since, today - dt.timedelta(days=days))
    measured = look(case.student, sources, first, through(today), only_measured=True)
    return SwipesLookedAt(looks[-1] if looks else None, measured)


def sources_to_look_in(
    connection: sa.Connection, case: Case, policy: SchoolPolicy, today: dt.date
) -> list[str]:
    """Return every source agreed by the home school or by another school of the student."""
    agreed = {source for _, source in policy.agreed_sources}
    for school in contributing(connection, case.student, today):
        if published := policy_in_force(connection, school, today):
            agreed |= {source for _, source in published.policy.agreed_sources}
    return sorted(agreed)


def _occasion(facts: FitnessFacts) -> str:
    """Name this run of the ladder. After contact with the student a new run begins.

    A second look at digital traces is no new run, so another step names it where there is one.
    """
    taken = [each for each in facts.ladder.rungs if each.on]
    steps = [each for each in taken if each.rung is not Rung.DIGITAL_TRACES] or taken
    return f"{facts.case.id}:{max((each.on for each in steps if each.on), default=None)}"


def _summary(
    policy: SchoolPolicy, facts: FitnessFacts, since: dt.date, automatic: Sequence[dt.date]
) -> str:
    """Summarise facts and dates only: which steps were tried and which sources were checked."""
    lines = [
        f"{facts.case.reference}, opened on {on_day(facts.case.opened_on)}.",
        f"There has been no contact and no activity from {on_day(since)} to "
        f"{on_day(facts.today)}, {counted(policy.sustained_days, 'day')} of term.",
    ]
    for each in facts.ladder.rungs:
        if each.on:
            came = each.result.label if each.result else "no answer"
            lines.append(f"{each.rung.label.capitalize()} on {on_day(each.on)}: {came}.")
    lines += [
        f"An automatic reply arrived on {on_day(day)}. It does not count as an answer."
        for day in automatic
    ]
    lines += [trace.said(policy.calendar) for trace in facts.traces]
    if facts.swipes and (looked := facts.swipes.newest):
        named = listed([each.source for each in facts.swipes.measured])
        on, result = on_day(policy.calendar.local(looked.at).date()), looked.result
        lines.append(f"Card swipes ({named}) on {on}: {result.label if result else 'no answer'}.")
    return "\n".join(lines)
