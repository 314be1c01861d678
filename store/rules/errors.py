"""The errors of casework: each has a sentence for people, and says whether a retry may help."""

from __future__ import annotations


class CaseworkError(Exception):
    """An action that cannot be done, with a sentence that tells the colleague what to do.

    The sentence is shown to the person who asked, so it never holds a student's name,
    address or words. ``permanent`` is False where the same call may succeed later.
    """

    def __init__(self, sentence: str, *, permanent: bool = True) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.permanent = permanent


class NotAllowed(CaseworkError):
    """The person may not do this. Every refusal is audited."""


class NotPossibleNow(CaseworkError):
    """The case's status does not allow this; the sentence says what is possible."""


class OvertakenError(CaseworkError):
    """A colleague changed the case first; the sentence says so."""


class InvalidInput(CaseworkError):
    """The input cannot be used. ``field`` names it, where it came from a field."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class AuditDamaged(CaseworkError):
    """The audit is not as Lantern wrote it, so the database was changed from outside."""


OUTSIDE = (
    "Stop Lantern, find out who changed the database from outside, and restore the newest backup "
    "into an empty database."
)
NO_AUDIT_HEAD = (
    "The head of the audit is missing from the database, so nothing can be recorded and nothing "
    f"was changed. {OUTSIDE}"
)
AUDIT_HEAD_CHANGED = (
    "The head of the audit is not as Lantern wrote it, so nothing can be recorded and nothing was "
    f"changed. {OUTSIDE}"
)
AUDIT_UNREADABLE = (
    "The audit has a row that Lantern did not write and cannot read. To know which, type lantern "
    f"audit verify. {OUTSIDE}"
)
TIME_UNREADABLE = (
    "The database holds a time that Lantern did not write and cannot read. lantern audit verify "
    f"says whether it is in the audit. {OUTSIDE}"
)


def lost_from_database(what: str) -> str:
    """Return the sentence on a part of the database that a person took away or changed, such as
    ``the table audit``."""
    return (
        f"In the database {what} is missing or is not as Lantern made it, though the database is "
        f"migrated. {OUTSIDE}"
    )
