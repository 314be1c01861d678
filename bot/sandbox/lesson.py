"""The lesson: a colleague's first case, step by step, on the real system with invented people.

Steps are read from the audit, so each counts however it was done: with a button, with a command,
or while the learner acted as another person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Act = tuple[str, str, str]
"""(actor, action, subject) of one row of the audit."""


@dataclass(frozen=True, slots=True)
class LessonStep:
    """One step: what to do, where it is found and why the policy asks for it."""

    title: str
    text: str
    case: Callable[[Sequence[Act], str, str], str | None]
    """Finds the case on which the step was done, from the acts since the lesson began, the
    learner, and the case of the step before ('' at first); None where it was not done."""


@dataclass(frozen=True, slots=True)
class LessonView:
    """How far the learner has come. ``step`` is None once all steps are done."""

    learner: str
    done: int
    total: int
    step: LessonStep | None
    recorded: bool
    case: str = ""
    """The reference of the case that was taken; '' before."""


def progress(acts: Sequence[Act], learner: str) -> int:
    """Count the steps done, in order. ``learner`` is an actor of the audit: ``staff:7``."""
    return walked(acts, learner)[0]


def walked(acts: Sequence[Act], learner: str) -> tuple[int, str]:
    """Return how many steps are done, and the subject of the last, such as ``case:7``; '' before
    the first."""
    case = ""
    for number, step in enumerate(STEPS):
        found = step.case(acts, learner, case)
        if found is None:
            return number, case
        case = found
    return len(STEPS), case


def _done(
    *actions: str, by: Callable[[str, str], bool]
) -> Callable[[Sequence[Act], str, str], str | None]:
    """Find the first of these acts on the case whose actor ``by`` accepts."""

    def find(acts: Sequence[Act], learner: str, case: str) -> str | None:
        for actor, action, subject in acts:
            if by(actor, learner) and action in actions and case in ("", subject):
                return subject
        return None

    return find


def _by_learner(*actions: str) -> Callable[[Sequence[Act], str, str], str | None]:
    return _done(*actions, by=lambda actor, learner: actor == learner)


def _by_another(action: str) -> Callable[[Sequence[Act], str, str], str | None]:
    return _done(action, by=lambda actor, learner: actor != learner)


def _by_anybody(action: str) -> Callable[[Sequence[Act], str, str], str | None]:
    return _done(action, by=lambda _actor, _learner: True)


STEPS: tuple[LessonStep, ...] = (
    LessonStep(
        "Take a case",
        "Read the reasons of this morning's newest case, and press Take. Where a colleague owns it "
        "already, Lantern asks first. A card names no student: the channel sees a reference.",
        _by_learner("take"),
    ),
    LessonStep(
        "Hear a colleague first",
        "No student gets an email before another colleague has given a view. Act as a colleague "
        "of the same school, in the menu at the top, and press Add view on the case.",
        _by_another("view"),
    ),
    LessonStep(
        "Draft an email",
        "Act as yourself again, and press Draft email on that case. You see your colleague's view "
        "and words that ask and offer. Edit them in your own words, and save. Nothing is sent yet.",
        _by_learner("draft"),
    ),
    LessonStep(
        "Get it read and approved",
        "Act as a third colleague, who is a caseworker. Press Read and approve, read the whole "
        "email, and approve it. The colleague who gave the view cannot approve the email.",
        _by_anybody("approve"),
    ),
    LessonStep(
        "Answer as the student",
        "Open Student at the left, find the email, and answer it in a sentence or two.",
        _by_anybody("answered"),
    ),
    LessonStep(
        "Close the case",
        "Act as yourself again. Press Read answer, then Close case in the same window, and say how "
        "it ended and whether the case was useful.",
        _by_learner("close"),
    ),
)
