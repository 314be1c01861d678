"""Ask the leads about Fitness to Study when it is due for a case, and tell them of a student who is
seen again after it. Nothing else happens by itself."""

from __future__ import annotations

import datetime as dt

from integrations.activity.digital_traces import look_in
from integrations.bootstrap import Services
from store.actions.cases.decide_fitness_to_study import surface
from store.actions.cases.watch_after_fitness import watch_after_fitness
from store.db import repository
from store.policies.versions import policy_in_force
from store.queries.cases.fitness_to_study import cases_being_worked_on, cases_in_fitness
from worker.one_by_one import each_case


def surface_fitness(services: Services, day: dt.date) -> int:
    """Ask the leads about every case for which Fitness to Study is due; return the number of
    cases."""
    look = look_in(services.lake, services.records, once=True)
    with services.store.database.read() as connection:
        found = cases_being_worked_on(connection)
        able = {each for each in set(found.values()) if policy_in_force(connection, each, day)}
    asked: list[int] = []

    def ask(case: int) -> None:
        with services.store.unit_of_work() as work:
            asked.append(surface(work, repository.case(work.connection, case), look, day))

    mine = {case: school for case, school in found.items() if school in able}
    each_case(services.store, mine, "fitness", ask)
    return sum(asked)


def tell_of_activity(services: Services, day: dt.date) -> int:
    """Tell the leads of each student who is seen again after Fitness to Study was invoked; return
    the number of students."""
    look = look_in(services.lake, services.records, once=True)
    with services.store.database.read() as connection:
        found = cases_in_fitness(connection)
    told: list[int] = []

    def watch(case: int) -> None:
        with services.store.unit_of_work() as work:
            told.append(
                watch_after_fitness(work, repository.case(work.connection, case), look, day)
            )

    each_case(services.store, found, "after-fitness", watch)
    return sum(told)
