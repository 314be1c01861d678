"""The data protection officer's steps on a request or complaint about data (§28)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from store.actions.disclose import disclose
from store.actions.kept_words import think_twice
from store.actions.privacy.data_letters import tell_student
from store.actions.request import Request, once, record_refusal, remembers_question
from store.db import repository
from store.db.student_keys import close_words
from store.db.unit_of_work import Store, UnitOfWork
from store.queries.privacy.data_requests import DataRequest, data_request, open_requests
from store.queries.privacy.harm import undecided
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action, authorise_in, schools_where
from store.rules.calendar import institution_day
from store.rules.cases.case import Actor
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow
from store.rules.students.data_requests import ClockStop, DataAsk, check_extension
from store.rules.students.data_steps import DataStep
from store.rules.text.formatting import counted
from store.rules.text.reasons import check_reason
from store.tables import data_questions, data_requests, exports, students

_GONE = "There is no such request in your schools. /lantern requests lists what is open."
_CLOSED = "This was answered already, so nothing was changed."


@dataclass(frozen=True, slots=True)
class OnDataRequest:
    """An authorised step on an open request."""

    work: UnitOfWork
    actor: Actor
    asked: DataRequest

    @property
    def about(self) -> str:
        """Return the subject in the audit's form, such as ``student:12``."""
        return f"student:{self.asked.student}"

    def reason(self, words: str, field: str, asks: str) -> str:
        """Check the officer's words, which the student reads, and return them tidied."""
        said = check_reason(words, field=field, asks=asks, keeps_lines=True)
        think_twice(self, said, field)
        return said

    def sealed(self, words: str) -> str:
        """Seal words with the student's key."""
        return close_words(self.work.connection, self.asked.student, words)

    def change(self, **values: object) -> None:
        """Write changes to the request. ``NotPossibleNow`` where it was answered meanwhile."""
        is_it = (data_requests.c.id == self.asked.id, data_requests.c.answered_at.is_(None))
        done = self.work.connection.execute(sa.update(data_requests).where(*is_it).values(**values))
        if not done.rowcount:
            raise NotPossibleNow(_CLOSED)

    def record(self, action: str, **details: str | int) -> None:
        """Record in the audit what the officer did."""
        who = f"staff:{self.actor.id}"
        self.work.record(who, action, self.about, data_request=self.asked.id, **details)


@dataclass(frozen=True, slots=True)
class DataRequestSeen:
    """A request as the officer reads it: with its words, and who asked."""

    asked: DataRequest
    name: str
    number: str
    undecided: int
    """Texts that may do serious harm and wait for the officer's decision."""


def requests_for(store: Store, request: Request) -> tuple[dt.date, list[DataRequest]]:
    """Return today's date, and the open requests of an officer's schools, without words.

    Raises ``NotAllowed`` where the person is a data protection officer of no school.
    """
    today = institution_day(store.now())
    with store.database.read() as connection:
        actor = repository.actor(connection, request.actor)
        able = schools_where(actor, Action.DATA_REQUESTS)
        if not able:
            authorise_in(actor, Action.DATA_REQUESTS, 0)
        return today, open_requests(connection, able, today)


def read_data_request(store: Store, request: Request, number: int) -> DataRequestSeen:
    """Return a request with its words and its student; the access is recorded.

    Raises ``NotAllowed`` for all but the data protection officers of its school.
    """
    with _on(store, request, number, is_step=False) as step:
        shows = (Shows.IDENTITY, Shows.DATA_REQUEST)
        disclose(step.work, step.actor.id, step.about, shows, Implied.DATA_REQUEST)
        who = step.work.connection.execute(
            sa.select(students.c.given_name, students.c.family_name, students.c.number).where(
                students.c.id == step.asked.student
            )
        ).one()
        name = f"{who.given_name} {who.family_name}"
        left = undecided(step.work.connection, step.asked.student)
        return DataRequestSeen(step.asked, name, who.number, left)


def ask_student(store: Store, request: Request, number: int, asks: ClockStop, words: str) -> None:
    """Ask the student who they are or what they mean: the clock stops until they answer.

    Raises ``NotPossibleNow`` where a question is open already.
    """
    with _on(store, request, number, DataAsk.COPY) as step:
        said = step.reason(words, "words", "Say what you need to know")
        if step.asked.open_question is not None:
            raise NotPossibleNow("A question to the student is open already.")
        step.work.connection.execute(
            sa.insert(data_questions).values(
                request_id=number,
                asks=asks,
                words=step.sealed(said),
                by_staff_id=step.actor.id,
                at=step.work.now,
            )
        )
        step.record("ask-about-data-request", asks=asks)
        tell_student(step.work, number, DataStep.ASKED, step.actor.id, said)


def record_reply(store: Store, request: Request, number: int, words: str) -> None:
    """Record an answer that did not come by the page; the clock goes on from today.

    Raises ``NotPossibleNow`` where no question is open.
    """
    with _on(store, request, number, DataAsk.COPY) as step:
        said = step.reason(words, "words", "Say what the student answered")
        question = step.asked.open_question
        if question is None:
            raise NotPossibleNow("No question to the student is open.")
        step.work.connection.execute(
            sa.update(data_questions)
            .where(data_questions.c.id == question.id, data_questions.c.answered_at.is_(None))
            .values(answered_at=step.work.now, answer=step.sealed(said), answered_by=step.actor.id)
        )
        step.record("reply-about-data-request")


def extend(store: Store, request: Request, number: int, months: int, why: str) -> None:
    """Add one or two months, with a reason that the student is told."""
    with _on(store, request, number, DataAsk.COPY) as step:
        today = institution_day(step.work.now)
        check_extension(months, step.asked.extra_months, step.asked.dates, today)
        said = step.reason(why, "why", "Say why more time is needed")
        step.change(
            extra_months=months,
            extended_by=step.actor.id,
            extended_at=step.work.now,
            extended_why=step.sealed(said),
        )
        step.record("extend-data-request", months=months)
        tell_student(step.work, number, DataStep.EXTENDED, step.actor.id, said)


def acknowledge(store: Store, request: Request, number: int) -> None:
    """Tell the student that their complaint has arrived and is looked into.

    Raises ``NotPossibleNow`` where they were told already.
    """
    with _on(store, request, number, DataAsk.COMPLAINT) as step:
        if step.asked.acknowledged_at is not None:
            raise NotPossibleNow("This complaint was acknowledged already.")
        step.change(acknowledged_by=step.actor.id, acknowledged_at=step.work.now)
        step.record("acknowledge-data-complaint")
        tell_student(step.work, number, DataStep.ACKNOWLEDGED, step.actor.id)


def answer(store: Store, request: Request, number: int, words: str) -> None:
    """Close a complaint with an answer, or a request for a copy without an export, such as one that
    the student took back. The student is told the words."""
    with _on(store, request, number) as step:
        said = step.reason(words, "words", "Say what the student is told")
        step.change(answered_by=step.actor.id, answered_at=step.work.now, answer=step.sealed(said))
        step.record("answer-data-request")
        is_copy = step.asked.kind is DataAsk.COPY
        told = DataStep.CLOSED if is_copy else DataStep.ANSWERED
        tell_student(step.work, number, told, step.actor.id, said)


def give_copy(store: Store, request: Request, number: int) -> None:
    """Record that the student has the copy: this closes the request, and the student is told.

    Raises ``NotPossibleNow`` where no copy was made since the request came, or where words that may
    do serious harm wait for a decision.
    """
    with _on(store, request, number, DataAsk.COPY) as step:
        connection, student = step.work.connection, step.asked.student
        if left := undecided(connection, student):
            raise NotPossibleNow(f"First decide on {counted(left, 'text')} that may do harm.")
        came = sa.select(data_requests.c.at).where(data_requests.c.id == number).scalar_subquery()
        made = sa.select(exports.c.id).where(exports.c.student_id == student, exports.c.at >= came)
        if connection.execute(made.limit(1)).first() is None:
            raise NotPossibleNow("No copy was made since this request came. Make it first.")
        step.change(answered_by=step.actor.id, answered_at=step.work.now)
        step.record("give-copy")
        tell_student(step.work, number, DataStep.ANSWERED, step.actor.id)


@contextmanager
def _on(
    store: Store,
    request: Request,
    number: int,
    kind: DataAsk | None = None,
    *,
    is_step: bool = True,
) -> Iterator[OnDataRequest]:
    """Begin a step on a request of one of the person's schools. A refusal is audited.

    Raises:
        NotAllowed: the person is no data protection officer of its school.
        InvalidInput: there is no such request, or none of this kind.
        NotPossibleNow: it was answered already.
    """
    try:
        with remembers_question(store), store.unit_of_work() as work:
            once(work, request.key)
            actor = repository.actor(work.connection, request.actor)
            lock = sa.select(data_requests.c.id).where(data_requests.c.id == number)
            work.connection.execute(lock.with_for_update())
            asked = data_request(work.connection, number, institution_day(work.now))
            authorise_in(actor, Action.DATA_REQUESTS, asked.school if asked else 0)
            if asked is None or (kind is not None and asked.kind is not kind):
                raise InvalidInput(_GONE)
            if is_step and not asked.is_open:
                raise NotPossibleNow(_CLOSED)
            yield OnDataRequest(work, actor, asked)
    except NotAllowed:
        record_refusal(store, request.actor, Action.DATA_REQUESTS, "data-requests")
        raise
