"""Show a signed-in student the data held about them. Viewing it is never engagement (§23)."""

from __future__ import annotations

from store.db.unit_of_work import Store
from store.queries.privacy.own_record import OwnRecord, own_record
from store.queries.students.own_page import OwnPage, read_own_page
from store.rules.calendar import institution_day
from store.rules.letters.letter import Language


def see_own_page(store: Store, student: int, language: Language) -> tuple[OwnPage, OwnRecord]:
    """Return what a student's page shows, and audit the access. It does not count as a contact."""
    with store.unit_of_work() as work:
        who = f"student:{student}"
        work.record(who, "own-page", who)
        today = institution_day(work.now)
        page = read_own_page(work.connection, student, today, language)
        return page, own_record(work.connection, student, today)
