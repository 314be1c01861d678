"""Record where and when a school told its students of the policy (§22)."""

from __future__ import annotations

from store.actions.request import Request, in_school
from store.db.unit_of_work import Store
from store.policies.versions import record_told, version_to_record
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput
from store.rules.policies.publication import Told


def record_publication(store: Store, request: Request, school: int, told: Told) -> int:
    """Save the publication for the version that waits for it, else for the one in force.

    Returns that version's number.

    Raises:
        NotAllowed: the person does not lead this school.
        InvalidInput: no version is in force yet.
    """
    with in_school(store, request, Action.LEAD, school) as asked:
        work = asked.work
        published = version_to_record(work.connection, school, institution_day(work.now))
        if published is None:
            raise InvalidInput("There is no policy in force yet. Publish one first.")
        actor = asked.actor.id
        record_told(work, published.id, [told], actor=f"staff:{actor}", staff=actor)
        return published.version
