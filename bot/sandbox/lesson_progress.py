"""Keep the learner of this sandbox's lesson, and how far they have come."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from bot.sandbox.lesson import STEPS, LessonView, walked
from integrations.chat.sandbox import TENANT
from store.actions.request import Request
from store.actions.schools.record_training import record_training
from store.db import repository
from store.db.database import Connection
from store.db.unit_of_work import Store
from store.queries.audit import acts_since, newest_row
from store.queries.schools.staff import actor_by_identity
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import Platform


@dataclass(frozen=True, slots=True)
class _Learner:
    staff: int
    name: str
    since: int
    """The newest row of the audit when the lesson began."""
    recorded: bool = False


class LessonRoom:
    """Keeps one lesson at a time in memory: a restarted sandbox begins again."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._learner: _Learner | None = None
        self._lock = threading.Lock()

    def view(self) -> LessonView:
        """Return the lesson's state, for the top of every page."""
        learner = self._learner
        if learner is None:
            return LessonView("", 0, len(STEPS), STEPS[0], recorded=False)
        with self._store.database.read() as connection:
            done, about = _walked(connection, learner)
            case = repository.case(connection, int(about.removeprefix("case:"))) if about else None
        step = STEPS[done] if done < len(STEPS) else None
        reference = case.reference if case else ""
        return LessonView(learner.name, done, len(STEPS), step, learner.recorded, reference)

    def begin(self, user: str) -> None:
        """Start the lesson for this person; earlier acts do not count.

        Raises ``InvalidInput`` where that person is not enrolled in the sandbox.
        """
        with self._store.database.read() as connection:
            actor = actor_by_identity(connection, Platform.SANDBOX, TENANT, user)
            since = newest_row(connection)
        if actor is None:
            raise InvalidInput("That person is not enrolled in this sandbox.")
        with self._lock:
            self._learner = _Learner(actor.id, actor.name, since)

    def finish(self) -> None:
        """Record the training of a learner who has done every step, once.

        Raises ``NotPossibleNow`` where a step is left.
        """
        with self._lock:
            learner = self._learner
            if learner is None or self._done(learner) < len(STEPS):
                raise NotPossibleNow("The lesson is not finished. Its next step is shown above.")
            if not learner.recorded:
                today = institution_day(self._store.now())
                key = f"lesson:{learner.staff}:{learner.since}"
                request = Request(learner.staff, key)
                record_training(self._store, request, learner.staff, today, lesson=True)
                self._learner = _Learner(learner.staff, learner.name, learner.since, recorded=True)

    def _done(self, learner: _Learner) -> int:
        with self._store.database.read() as connection:
            return _walked(connection, learner)[0]


def _walked(connection: Connection, learner: _Learner) -> tuple[int, str]:
    return walked(acts_since(connection, learner.since), f"staff:{learner.staff}")
