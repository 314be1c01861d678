"""Look for a student in the activity sources after Fitness to Study was invoked (§16)."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.actions.cases.decide_fitness_to_study import sources_to_look_in
from store.actions.notices.seen_after_fitness import seen_after_fitness
from store.db.unit_of_work import UnitOfWork
from store.policies.versions import school_policy
from store.rules.calendar import institution_day
from store.rules.cases.case import Case
from store.rules.flag_rules.base import through
from store.rules.model import FitnessDecision
from store.rules.students.digital_traces import Look
from store.tables import fitness


def watch_after_fitness(work: UnitOfWork, case: Case, look: Look, day: dt.date) -> bool:
    """Tell the leads where an agreed source shows the student from the day of the decision on;
    return whether one does."""
    invoked = work.connection.execute(
        sa.select(sa.func.max(fitness.c.at)).where(
            fitness.c.case_id == case.id, fitness.c.decision == FitnessDecision.INVOKE
        )
    ).scalar_one()
    first, last = institution_day(invoked), through(day)
    if last < first:
        return False
    policy = school_policy(work.connection, case.school, day)
    sources = sources_to_look_in(work.connection, case, policy, day)
    seen = any(each.last_seen for each in look(case.student, sources, first, last))
    if seen:
        seen_after_fitness(work, case.student, f"activity-{first}")
    return seen
