"""Add notes to a case that only the readers chosen by their author can open."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.kept_words import think_twice
from store.actions.request import Request, on_case
from store.db.student_keys import close_note
from store.db.unit_of_work import Store
from store.rules.access.confidentiality import Readers
from store.rules.access.permissions import Action
from store.rules.cases.lifecycle import Move
from store.rules.errors import InvalidInput
from store.rules.model import InterventionKind
from store.rules.students.links import without_secrets
from store.rules.text.limits import within
from store.tables import interventions


def add_note(store: Store, request: Request, case_id: int, words: str, readers: Readers) -> None:
    """Save a note. The card shows that there is a note; only its readers can open the words. The
    secret of a student's link, which may stand in a message that is added, is not saved.

    Raises ``InvalidInput`` where the note is empty.
    """
    with on_case(store, request, Action.NOTE, case_id) as asked:
        tidy = without_secrets(within(words.strip(), field="note"))
        if not tidy:
            raise InvalidInput("Write the note.", field="note")
        think_twice(asked, tidy, "note")
        asked.move(Move.WORK)
        asked.work.connection.execute(
            sa.insert(interventions).values(
                case_id=case_id,
                author_id=asked.actor.id,
                kind=InterventionKind.NOTE,
                note=close_note(asked.work.connection, asked.case.student, tidy),
                at=asked.work.now,
                readable_by=None if readers.roles is None else sorted(readers.roles),
            )
        )
        asked.record("note", readers=readers)
