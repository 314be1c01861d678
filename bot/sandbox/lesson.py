"""The lesson: a new colleague's first case, step by step, on the real system with invented people.

What is done is read from the audit, so a step counts however it was done: with a button, a
command, or by somebody whom the learner became for a moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Act = tuple[str, str, str]
"""(actor, action, subject) of one row of the audit."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: what, where it is found and why the policy wants it."""

    title: str
    text: str
    case: Callable[[Sequence[Act], str, str], str | None]
    """The case on which the step was done, given what happened since the lesson began, the
    learner, and the case of the step before ('' at first); None where it was not."""


@dataclass(frozen=True, slots=True)
class LessonView:
    """How far the learner has come. ``step`` is None once everything is done."""

    learner: str
    done: int
    total: int
    step: Step | None
    recorded: bool


def progress(acts: Sequence[Act], learner: str) -> int:
    """How many steps are done, in order. ``learner`` is an actor of the audit: ``staff:7``."""
    case, rest = "", list(acts)
    for number, step in enumerate(STEPS):
        found = step.case(rest, learner, case)
        if found is None:
            return number
        case = found
    return len(STEPS)


def _by_learner(*actions: str) -> Callable[[Sequence[Act], str, str], str | None]:
    def find(acts: Sequence[Act], learner: str, case: str) -> str | None:
        for actor, action, subject in acts:
            if actor == learner and action in actions and case in ("", subject):
                return subject
        return None

    return find


def _by_another(action: str) -> Callable[[Sequence[Act], str, str], str | None]:
    def find(acts: Sequence[Act], learner: str, case: str) -> str | None:
        for actor, done, subject in acts:
            if actor != learner and done == action and subject == case:
                return subject
        return None

    return find


def _by_anybody(action: str) -> Callable[[Sequence[Act], str, str], str | None]:
    def find(acts: Sequence[Act], _learner: str, case: str) -> str | None:
        return (
            case if any(done == action and subject == case for _, done, subject in acts) else None
        )

    return find


STEPS: tuple[Step, ...] = (
    Step(
        "Take a case",
        "Choose a case of this morning that is with nobody you know, read its reasons, and press "
        "Take. A card names no student: the channel sees a reference.",
        _by_learner("take"),
    ),
    Step(
        "Draft a mail",
        "Press Draft email on that case. Lantern suggests words that ask and offer; make them your "
        "own, and save. Nothing leaves yet.",
        _by_learner("draft"),
    ),
    Step(
        "Hear a colleague first",
        "No student is written to before another colleague has said what they think. Become a "
        "colleague of the same school at the top, and press Add view on the case.",
        _by_another("view"),
    ),
    Step(
        "Have it read and approved",
        "Become a third colleague, who may look after cases. Press Read and approve, read the "
        "whole mail, and approve it. Whoever gave the view cannot be the one who approves.",
        _by_anybody("approve"),
    ),
    Step(
        "Be the student",
        "Open Student at the left, find the mail, and answer it in a sentence or two.",
        _by_anybody("answered"),
    ),
    Step(
        "Close the case",
        "Become yourself again. Read the answer, then press Close, and say how it ended and "
        "whether the flag was of use.",
        _by_learner("close"),
    ),
)
