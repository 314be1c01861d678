"""Log a contact: one form for a call, an attempt and a note, which saves all three in full."""

from __future__ import annotations

import sqlalchemy as sa

from bot.cards.kit.model import Dialog
from store.tables import attempts, interventions
from tests.worker.office import Office


def _form(office: Office, case: int) -> Dialog:
    form = office.clicks("alice", "log", case=str(case)).dialog
    assert form is not None
    return form


def test_an_attempt_needs_its_result_and_counts_on_the_ladder(office: Office) -> None:
    case = office.world.open_case()
    form = _form(office, case)
    wrong = office.submits("alice", form, kind="phone", result="")
    assert wrong.errors == {"result": "Choose the result of the attempt."}
    assert office.submits("alice", form, kind="phone", result="no-answer").errors == {}
    with office.world.store.database.read() as connection:
        (row,) = connection.execute(sa.select(attempts.c.rung, attempts.c.result)).all()
    assert tuple(row) == ("phone", "no-answer")


def test_a_note_keeps_its_readers(office: Office) -> None:
    case = office.world.open_case()
    said = {"kind": "note", "note": "Told me in confidence", "readers": "adviser-and-lead"}
    form = _form(office, case)
    names = {each.name: each for each in form.fields()}
    readers = [option.value for option in getattr(names["readers"], "options", ())]
    said["readers"] = readers[-1]
    assert office.submits("alice", form, **said).errors == {}
    with office.world.store.database.read() as connection:
        (row,) = connection.execute(sa.select(interventions.c.readable_by)).all()
    assert row.readable_by is not None, "a confidential note is readable by all"
