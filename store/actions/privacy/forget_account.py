"""Forget which account a student signs in with, so that their next sign-in is matched anew."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.privacy.request import on_student
from store.actions.request import Request
from store.db.unit_of_work import Store
from store.rules.access.permissions import Action
from store.rules.errors import NotPossibleNow
from store.tables import student_accounts, student_sessions

FORGOTTEN = (
    "The account is forgotten, and the student is signed out everywhere. The next account with "
    "their university address is theirs."
)


def forget_account(store: Store, request: Request, number: str) -> None:
    """Delete the link to the account, and end the student's sessions.

    A student who is given a new account is refused until then: an address alone, which may have
    been another person's, does not replace an account that is known.

    Raises ``NotPossibleNow`` where the student has never signed in.
    """
    with on_student(store, request, Action.ACCOUNT, number) as asked:
        connection = asked.work.connection
        gone = connection.execute(
            sa.delete(student_accounts).where(student_accounts.c.student_id == asked.student)
        ).rowcount
        if not gone:
            raise NotPossibleNow("This student has no account yet: they have never signed in.")
        connection.execute(
            sa.delete(student_sessions).where(student_sessions.c.student_id == asked.student)
        )
        asked.record("forget-account")
