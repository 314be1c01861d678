"""List who looked at a student's data, and audit the request."""

from __future__ import annotations

from store.actions.privacy.request import on_student
from store.actions.request import Request
from store.db.unit_of_work import Store
from store.queries.privacy.who_saw import Viewing, who_saw
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action


def ask_who_saw(store: Store, request: Request, number: str) -> list[Viewing]:
    """Return every recorded look at the student's data, newest first.

    Raises:
        NotAllowed: the person is not a data protection officer of any school.
        InvalidInput: no student of their schools has that number.
    """
    with on_student(store, request, Action.ACCESS_LOG, number) as asked:
        found = who_saw(asked.work.connection, asked.student)
        asked.disclose((Shows.LOOKS,), Implied.WHO_SAW)
        return found
