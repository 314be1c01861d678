"""The invented people in a store of their own, and short ways to let them act."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import NamedTuple, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import make_url

from store.actions.cases import discuss as discussion
from store.actions.cases import log_access as reading
from store.actions.cases import pause
from store.actions.flags import screen as screening
from store.actions.flags.screen import Screened
from store.actions.outreach import approve as outreach
from store.actions.outreach import draft_follow_up as follow_up
from store.actions.outreach import record_sending, write_draft
from store.actions.outreach import send as sending
from store.actions.request import Request, ThinkAgain
from store.actions.schools.load_roster import load_roster
from store.db.database import Database
from store.db.unit_of_work import Store
from store.delivery import claims
from store.delivery.claims import OutboxRow
from store.policies import versions as policies
from store.rules.cases.case import Outreach
from store.rules.flag_rules.evidence import Finding
from store.rules.flags.reconcile import Judge
from store.rules.model import FitnessDecision, FlagState, Opinion, OutboxKind
from store.rules.policies.publication import Told
from store.tables import cases, fitness, flags, metadata, students
from store.tables import outbox as outbox_rows
from tests.people import (
    BODY,
    LANGUAGES,
    MATHEMATICS,
    REASON,
    ROSTER,
    SUBJECT,
    back,
    finding,
    policy_document,
)
from tests.recorded import Recorded
from tests.stores import AUDIT_KEY, SEAL, TOLD, FakeClock, empty_store, spare_the_disk, sqlite_file

Given = TypeVar("Given")


class Begun(NamedTuple):
    """What a story left in a world in which nothing had happened."""

    rows: sqlite3.Connection
    now: dt.datetime
    woken: tuple[OutboxKind, ...]
    clicks: int
    given: object


_BEGUN: dict[Callable[[World], object], Begun] = {}
"""The stories with which tests of this process have begun on SQLite."""


@dataclass
class World(Recorded):
    """The store with everybody in it, and short ways to let them act."""

    clock: FakeClock = field(default_factory=FakeClock)
    woken: list[OutboxKind] = field(default_factory=list)
    """Every wake-up so far, in order."""
    _keys: Iterator[int] = field(default_factory=count)

    @property
    def today(self) -> dt.date:
        return self.clock.now.date()

    # -- What they do ------------------------------------------------------------------------

    def begins_with(self, story: Callable[[World], Given]) -> Given:
        """Let this happen, before which nothing has, and give what the story gives.

        In SQLite a story is told once in each process, and copied for the tests after that: it
        takes longer than most of them.
        """
        file = self.store.database.url.database
        if not self.store.database.is_sqlite or not file:
            return story(self)
        with closing(sqlite3.connect(file)) as mine:
            if begun := _BEGUN.get(story):
                begun.rows.backup(mine)
                self.clock.now, self._keys = begun.now, count(begun.clicks)
                self.woken[:] = begun.woken
                return cast("Given", begun.given)
            given = story(self)
            kept = sqlite3.connect(":memory:", check_same_thread=False)
            mine.backup(kept)
        used = next(self._keys) + 1
        _BEGUN[story] = Begun(kept, self.clock.now, tuple(self.woken), used, given)
        return given

    def by(self, name: str, key: str | None = None) -> Request:
        """A new click of this person; with ``key``, that very click."""
        return Request(self.staff(name), key or f"click-{next(self._keys)}")

    def publish(self, document: str, told: Sequence[Told] = ()) -> int:
        return policies.publish(self.store, document, "policy.toml", actor="system:test", told=told)

    def screen(
        self,
        *found: Finding,
        school: str = LANGUAGES,
        day: dt.date | None = None,
        weeks: Mapping[int, tuple[int, ...]] | None = None,
        unknown: Iterable[str] = (),
        order: Sequence[int] = (),
        judge: Judge = back,
    ) -> Screened:
        """A school's screening of ``day``, which is today, that found this.

        Without a ``judge`` every student whose flag is not found has come back.
        """
        day = day or self.today
        with self.store.database.read() as connection:
            published = policies.policy_in_force(connection, self.school(school), day)
        assert published
        seen = weeks or {each.student: (5, 4, 3, 2, 1, 0, 0, 0) for each in found}
        return screening.record_screening(
            self.store, published, day, found, seen, judge, frozenset(unknown), order
        )

    def follow_up(self, school: str = LANGUAGES) -> int:
        """Draft the emails that are due this morning, and say how many."""
        waiting = follow_up.cases_waiting(self.store, self.school(school))
        return sum(follow_up.prepare_next(self.store, case) for case in waiting)

    def resume_due(self, day: dt.date) -> list[int]:
        """End the pauses that are due, and give their cases."""
        due = pause.cases_to_resume(self.store, day)
        return [case for case in due if pause.resume_one(self.store, case, day)]

    def hand_over_to_fitness(self, case: int) -> None:
        """The lead invokes Fitness to Study for this case."""
        with self.store.unit_of_work() as work:
            work.connection.execute(
                sa.insert(fitness).values(
                    case_id=case,
                    decided_by=self.staff("lena"),
                    decision=FitnessDecision.INVOKE,
                    why="All steps were tried",
                    summary="",
                    at=work.now,
                )
            )

    def writes_to_dana(self) -> int:
        """A case whose student has been written to."""
        case = self.open_case()
        self.approved_mail(case)
        self.send(conversation="conversation-1")
        return case

    def open_case(self, student: str = "dana") -> int:
        """A new case of this student, with one flag. Those of other students stay as they were."""
        new = finding(self.student(student))
        still = self.rows(flags, state=FlagState.ACTIVE, key=new.key)
        flagged = {new.student, *(row["student_id"] for row in still)}
        self.screen(*(finding(each) for each in sorted(flagged)))
        table = metadata.tables["cases"]
        return self._id(
            sa.select(sa.func.max(table.c.id)).where(table.c.student_id == self.student(student))
        )

    def give_view(self, case: int, name: str = "bob", opinion: Opinion = Opinion.WAIT) -> None:
        """This person reads what the case rests on, and says what they think of it."""
        reading.show_case(self.store, self.by(name), case)
        reason = REASON if name == "bob" else f"{REASON}, as far as {name.title()} has heard"
        discussion.add_view(self.store, self.by(name), case, opinion, reason)

    def write_draft(self, case: int, name: str = "sana", body: str = BODY) -> Outreach:
        """Save these words, which greet Dana, for the case's own student; keep them if asked."""
        row = sa.select(students.c.given_name).join(cases, cases.c.student_id == students.c.id)
        with self.store.database.read() as connection:
            given = connection.execute(row.where(cases.c.id == case)).scalar_one()
        body = body.replace("Dana", given)
        try:
            write_draft.save_draft(self.store, self.by(name), case, SUBJECT, body)
        except ThinkAgain:
            write_draft.save_draft(self.store, self.by(name), case, SUBJECT, body)
        return self.draft(case)

    def approve(self, case: int, name: str = "alice") -> Outreach:
        """Open the draft, read it and approve it, also where colleagues advise against it."""
        opened = outreach.open_draft(self.store, self.by(name), case)
        why = {"why": "They asked me for a word"}
        outreach.approve_email(self.store, self.by(name), case, opened.id, why)
        return self.mail(opened.id)

    def approved_mail(self, case: int) -> Outreach:
        """The usual way: Bob's view, Sana's draft, Alice's approval."""
        self.give_view(case)
        self.write_draft(case)
        return self.approve(case)

    def both_emails_unanswered(self, case: int) -> None:
        """Both emails of the contact steps have left, a week apart; neither was answered."""
        self.approved_mail(case)
        self.send("conversation-1")
        self.clock.forward(days=7)
        self.write_draft(case, body="Hello Dana, how are you? Shall we meet? Alice")
        self.approve(case)
        self.send("conversation-2")

    def mail_key(self, mail: int) -> str:
        """What this approved mail is found by at the mail service."""
        query = sa.select(outbox_rows.c.idem_key).where(outbox_rows.c.outreach_id == mail)
        with self.store.database.read() as connection:
            return str(connection.execute(query).scalar_one())

    def claim_mail(self, worker: str = "worker-1") -> OutboxRow:
        """The mail that is due, claimed; there has to be one."""
        row = claims.claim(self.store, OutboxKind.MAIL, worker)
        assert row
        return row

    def send(self, conversation: str = "conversation-1") -> Outreach:
        """The worker sends the mail that is due, which has to be one that may leave."""
        row = self.claim_mail()
        approved = sending.check_before_sending(self.store, row)
        assert approved
        record_sending.record_sent(self.store, row, approved.outreach, conversation)
        return self.mail(approved.outreach.id)


@contextmanager
def world_in(url: str) -> Iterator[World]:
    """The invented world, in a new SQLite database at ``url``."""
    file = make_url(url).database
    assert file
    Path(file).write_bytes(populated_sqlite())
    with opened_world(url) as world:
        yield world


@cache
def populated_sqlite() -> bytes:
    """A SQLite database with everybody in it. A tenth of a second, so made once."""
    return sqlite_file(populate)


def populate(url: str) -> None:
    """Put the invented world into the empty database at ``url``."""
    clock = FakeClock()
    with empty_store(url, clock, []) as store:
        load_roster(store, ROSTER)
        world = World(store, clock, [])
        for school in (LANGUAGES, MATHEMATICS):
            world.publish(policy_document(school), TOLD)


@contextmanager
def opened_world(url: str) -> Iterator[World]:
    """The invented world that is in the database at ``url`` already."""
    clock, woken = FakeClock(), list[OutboxKind]()
    database = Database(url)
    spare_the_disk(database)
    try:
        store = Store(database, audit_key=AUDIT_KEY, seal=SEAL, now=clock, wake=woken.append)
        yield World(store, clock, woken)
    finally:
        database.close()
