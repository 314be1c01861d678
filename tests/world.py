"""The invented people in a store of their own, and shortcuts for what they do."""

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
    """The state after a story that began in an empty world."""

    rows: sqlite3.Connection
    now: dt.datetime
    woken: tuple[OutboxKind, ...]
    clicks: int
    given: object


_BEGUN: dict[Callable[[World], object], Begun] = {}
"""The stories that tests of this process have already played on SQLite."""


@dataclass
class World(Recorded):
    """The store with the invented people in it, and shortcuts for what they do."""

    clock: FakeClock = field(default_factory=FakeClock)
    woken: list[OutboxKind] = field(default_factory=list)
    """Every wake-up of the job queue so far, in order."""
    _keys: Iterator[int] = field(default_factory=count)

    @property
    def today(self) -> dt.date:
        return self.clock.now.date()

    # -- What they do ------------------------------------------------------------------------

    def begins_with(self, story: Callable[[World], Given]) -> Given:
        """Play this story in a world without events, and return its result.

        On SQLite each process plays a story once and copies the result for later tests, since it
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
        """Return a new request of this person, or with ``key`` the same request again."""
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
        """Screen a school for ``day``, which is today, with these findings.

        Without a ``judge`` every student whose flag is not found any more has come back.
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
        """Draft the emails that are due this morning, and return their number."""
        waiting = follow_up.cases_waiting(self.store, self.school(school))
        return sum(follow_up.prepare_next(self.store, case) for case in waiting)

    def resume_due(self, day: dt.date) -> list[int]:
        """End the pauses that are due, and return their cases."""
        due = pause.cases_to_resume(self.store, day)
        return [case for case in due if pause.resume_one(self.store, case, day)]

    def hand_over_to_fitness(self, case: int) -> None:
        """Invoke Fitness to Study for this case, as the lead."""
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
        """Open a case and send its student an email."""
        case = self.open_case()
        self.approved_mail(case)
        self.send(conversation="conversation-1")
        return case

    def open_case(self, student: str = "dana") -> int:
        """Open a new case for this student with one flag. Cases of other students stay as they
        are."""
        new = finding(self.student(student))
        still = self.rows(flags, state=FlagState.ACTIVE, key=new.key)
        flagged = {new.student, *(row["student_id"] for row in still)}
        self.screen(*(finding(each) for each in sorted(flagged)))
        table = metadata.tables["cases"]
        return self._id(
            sa.select(sa.func.max(table.c.id)).where(table.c.student_id == self.student(student))
        )

    def give_view(self, case: int, name: str = "bob", opinion: Opinion = Opinion.WAIT) -> None:
        """Record this person's view of the case, after they read the evidence."""
        reading.show_case(self.store, self.by(name), case)
        reason = REASON if name == "bob" else f"{REASON}, as far as {name.title()} has heard"
        discussion.add_view(self.store, self.by(name), case, opinion, reason)

    def write_draft(self, case: int, name: str = "sana", body: str = BODY) -> Outreach:
        """Save these words, which greet Dana, for the case's own student. Confirm them if Lantern
        asks."""
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
        """Open, read and approve the draft, even if colleagues advise against it."""
        opened = outreach.open_draft(self.store, self.by(name), case)
        why = {"why": "They asked me for a word"}
        outreach.approve_email(self.store, self.by(name), case, opened.id, why)
        return self.mail(opened.id)

    def approved_mail(self, case: int) -> Outreach:
        """Get an email approved the usual way: Bob's view, Sana's draft, Alice's approval."""
        self.give_view(case)
        self.write_draft(case)
        return self.approve(case)

    def both_emails_unanswered(self, case: int) -> None:
        """Send both emails of the contact steps a week apart, without an answer to either."""
        self.approved_mail(case)
        self.send("conversation-1")
        self.clock.forward(days=7)
        self.write_draft(case, body="Hello Dana, how are you? Shall we meet? Alice")
        self.approve(case)
        self.send("conversation-2")

    def mail_key(self, mail: int) -> str:
        """Return the key under which the mail service finds this approved email."""
        query = sa.select(outbox_rows.c.idem_key).where(outbox_rows.c.outreach_id == mail)
        with self.store.database.read() as connection:
            return str(connection.execute(query).scalar_one())

    def claim_mail(self, worker: str = "worker-1") -> OutboxRow:
        """Claim the email that is due. There must be one."""
        row = claims.claim(self.store, OutboxKind.MAIL, worker)
        assert row
        return row

    def send(self, conversation: str = "conversation-1") -> Outreach:
        """Send the email that is due, which must be allowed to leave."""
        row = self.claim_mail()
        approved = sending.check_before_sending(self.store, row)
        assert approved
        record_sending.record_sent(self.store, row, approved.outreach, conversation)
        return self.mail(approved.outreach.id)


@contextmanager
def world_in(url: str) -> Iterator[World]:
    """Give the invented world in a new SQLite database at ``url``."""
    file = make_url(url).database
    assert file
    Path(file).write_bytes(populated_sqlite())
    with opened_world(url) as world:
        yield world


@cache
def populated_sqlite() -> bytes:
    """Return a SQLite database with the invented people. Making it takes 0.1 seconds, so it is done
    once."""
    return sqlite_file(populate)


def populate(url: str) -> None:
    """Write the invented world into the empty database at ``url``."""
    clock = FakeClock()
    with empty_store(url, clock, []) as store:
        load_roster(store, ROSTER)
        world = World(store, clock, [])
        for school in (LANGUAGES, MATHEMATICS):
            world.publish(policy_document(school), TOLD)


@contextmanager
def opened_world(url: str) -> Iterator[World]:
    """Open the invented world that the database at ``url`` already holds."""
    clock, woken = FakeClock(), list[OutboxKind]()
    database = Database(url)
    spare_the_disk(database)
    try:
        store = Store(database, audit_key=AUDIT_KEY, seal=SEAL, now=clock, wake=woken.append)
        yield World(store, clock, woken)
    finally:
        database.close()
