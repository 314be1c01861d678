"""Begin an engagement lead's request for a whole school: authorised now, and audited."""

from __future__ import annotations

from collections.abc import Collection

from store.actions.disclose import disclose
from store.actions.request import Request, in_school, record_refusal
from store.db import repository
from store.db.unit_of_work import Store
from store.queries.schools.staff import School, all_schools
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action, schools_where
from store.rules.errors import InvalidInput, NotAllowed


def led_school(store: Store, request: Request, code: str = "") -> School:
    """Return the school of this code, or the only one that the person leads. Audits a refusal.

    Raises ``NotAllowed`` where the person does not lead it, and ``InvalidInput`` where they lead
    several and named none.
    """
    with store.database.read() as connection:
        led = schools_where(repository.actor(connection, request.actor), Action.LEAD)
        schools = [each for each in all_schools(connection) if each.id in led]
    named = [each for each in schools if each.code == code.upper()]
    if named or (len(schools) == 1 and not code):
        return (named or schools)[0]
    if schools:
        codes = ", ".join(each.code for each in schools)
        raise InvalidInput(f"Say which of your schools you mean: {codes}.")
    record_refusal(store, request.actor, Action.LEAD, "school")
    raise NotAllowed("Only a school's engagement lead can do this. Ask yours.")


def record_lead_access(
    store: Store,
    request: Request,
    school: int,
    what: str,
    shows: Collection[Shows] = (),
    students: Collection[int] = (),
) -> None:
    """Record that the lead looks at something; refused to a person who is not a lead there.

    ``what`` is the audited action, ``shows`` the kinds of student data that it reveals; with
    ``students``, who may have no case, their evidence too.
    """
    with in_school(store, request, Action.LEAD, school) as asked:
        if shows:
            asked.disclose(shows, Implied.COVERAGE, action=what)
        else:
            asked.record(what)
        for student in dict.fromkeys(students):
            of_student = f"student:{student}"
            evidence = (*shows, Shows.EVIDENCE)
            disclose(asked.work, request.actor, of_student, evidence, Implied.COVERAGE)
