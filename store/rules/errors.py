"""The one error that casework raises: a polite sentence, and whether trying again helps."""

from __future__ import annotations


class CaseworkError(Exception):
    """Something cannot be done, said in a sentence that a colleague can act on.

    The sentence is shown to the person who asked, so it never holds a student's name,
    address or words. ``permanent`` is False where the same call may succeed later.
    """

    def __init__(self, sentence: str, *, permanent: bool = True) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.permanent = permanent


class NotAllowed(CaseworkError):
    """This person may not do this. Every one of these is audited."""


class NotPossibleNow(CaseworkError):
    """The case is not in a state in which this can happen; the sentence says what can."""


class OvertakenError(CaseworkError):
    """Somebody else changed the case first; the sentence says what they did."""


class InvalidInput(CaseworkError):
    """What was given cannot be used. ``field`` names the input, where there is one."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


NO_AUDIT_HEAD = (
    "The head of the audit is missing from the database, so nothing can be recorded and nothing "
    "was changed: stop Lantern, find out who changed the database from outside, and restore the "
    "newest backup."
)
