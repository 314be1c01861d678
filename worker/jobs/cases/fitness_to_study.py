"""Ask the lead about Fitness to Study when it is due for a case. Nothing else happens by itself."""

from __future__ import annotations

import datetime as dt

from integrations.activity.digital_traces import look_in
from integrations.bootstrap import Services
from store.actions.cases.decide_fitness_to_study import surface
from store.db import repository
from store.policies.versions import policy_in_force
from store.queries.cases.lists import cases_being_worked_on
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
