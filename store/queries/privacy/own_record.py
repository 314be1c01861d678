"""Read a student's whole record, for that student to see (§23).

It has flags, views, steps, emails and who viewed the data. Colleagues are named by their role. The
policy of the student's school says whether their words are in it, and whether those who looked are
named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db.student_keys import open_all, open_notes
from store.policies.versions import PublishedPolicy, policy_in_force, published_by_id
from store.queries.flags.looks import own_looks
from store.queries.module_titles import names_of, titled
from store.queries.privacy.data_requests import DataQuestion, DataRequest, requests_of
from store.queries.privacy.names import colleagues_by_role
from store.queries.privacy.own_steps import OwnStep, own_steps
from store.queries.privacy.who_saw import Viewing, who_saw
from store.queries.students.absences import OwnAbsence, own_absences
from store.queries.students.adjustments import until_of
from store.queries.students.flag_reasons import welsh_of_flag
from store.rules.calendar import Calendar
from store.rules.model import (
    AnswerKind,
    ExemptionKind,
    FlagEnd,
    FlagState,
    Level,
    MarkerFamily,
    OutreachStatus,
)
from store.rules.policies.overrides import rules_for
from store.rules.policies.students_page import Lookers, StaffViews, StudentsPage
from store.rules.students.data_requests import DataAsk
from store.tables import (
    adjustments,
    automatic_replies,
    cases,
    enrolments,
    exemptions,
    flags,
    modules,
    outreach,
    replies,
    students,
)

_LEFT = (OutreachStatus.SENT, OutreachStatus.BOUNCED, OutreachStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class OwnFlag:
    """A flag as its student reads it: its sentence, its rule in words, and how it ended.

    ``rule`` is '' where the policy version has no such rule for the student any more. ``ended`` is
    None where the flag is active or no reason was recorded.
    """

    on: dt.date
    sentence: str
    sentence_welsh: str
    """'' where it is not known."""
    family: MarkerFamily
    source: str
    fresh: dt.date
    rule: str
    version: int
    state: FlagState
    ended: FlagEnd | None
    ended_on: dt.date | None
    is_held: bool
    """Whether it is held back, since the records themselves may be wrong."""


@dataclass(frozen=True, slots=True)
class OwnExemption:
    """A time that does not count, and the role that granted it; ``last`` is None while open."""

    kind: ExemptionKind
    first: dt.date
    last: dt.date | None
    by: str
    ended_on: dt.date | None


@dataclass(frozen=True, slots=True)
class OwnAdjustment:
    """What is not expected in some days, and the role that agreed to it."""

    family: MarkerFamily
    first: dt.date
    last: dt.date
    by: str


@dataclass(frozen=True, slots=True)
class OwnMail:
    """An email to the student, and their answers to it."""

    on: dt.date
    subject: str
    body: str
    answers: tuple[tuple[dt.date, str], ...]


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """Everything that the tables hold for the student to read, newest first."""

    flags: tuple[OwnFlag, ...]
    worth_a_look: tuple[tuple[str, str], ...]
    """What colleagues can read today without a flag, in English and in Welsh or ''."""
    exemptions: tuple[OwnExemption, ...]
    adjustments: tuple[OwnAdjustment, ...]
    absences: tuple[OwnAbsence, ...]
    views: StaffViews
    """How much ``steps`` say."""
    steps: tuple[OwnStep, ...]
    mails: tuple[OwnMail, ...]
    looks: tuple[Viewing, ...]
    expectations: tuple[str, ...]
    """What the school hopes to see, a sentence for each rule."""
    version: int | None
    """Of the policy in force; None where there is none."""
    sources: tuple[tuple[MarkerFamily, str], ...]
    """Each agreed source with its family."""
    calendar: Calendar
    modules: Mapping[str, str]
    """Code → title, of every module that the student is or was on."""
    since: Mapping[str, dt.date]
    """Code → the student's first day on it."""
    requests: tuple[DataRequest, ...]
    """What the student asked about their data."""

    @property
    def asks_for_copy(self) -> bool:
        """Return whether a request for a copy is open, so that no other can be made."""
        return any(each.is_open and each.kind is DataAsk.COPY for each in self.requests)

    @property
    def open_questions(self) -> list[DataQuestion]:
        """Return the officer's questions that the student can answer now."""
        asked = [each.open_question for each in self.requests if each.is_open]
        return [each for each in asked if each is not None]

    @property
    def not_expected(self) -> list[tuple[dt.date, dt.date | None]]:
        """The first and last day of every time that does not count; None: it has no end."""
        times = [(each.first, each.last, each.ended_on) for each in self.exemptions]
        return [
            (first, min((day for day in (last, ended) if day), default=None))
            for first, last, ended in times
        ]


def own_record(connection: sa.Connection, student: int, today: dt.date) -> OwnRecord:
    """Return the record of one student, for that student alone; the caller has audited it."""
    who = connection.execute(sa.select(students).where(students.c.id == student)).one()
    roles = colleagues_by_role(connection)
    published = policy_in_force(connection, who.home_school_id, today)
    policy = published.policy if published else None
    page = policy.students_page if policy else StudentsPage()
    is_named = page.who_looked is Lookers.NAMES
    level = Level(who.level)
    on = connection.execute(
        sa.select(modules.c.code, modules.c.title, enrolments.c.starts)
        .join(enrolments, enrolments.c.module_id == modules.c.id)
        .where(enrolments.c.student_id == student)
    ).all()
    titles = names_of({row.code: row.title for row in on})
    rules = rules_for(policy.rules, policy.overrides, level) if policy else ()
    return OwnRecord(
        _flags(connection, student, level),
        own_looks(connection, student, today),
        _exemptions(connection, student, roles),
        _adjustments(connection, student, roles),
        own_absences(connection, student),
        page.views,
        own_steps(connection, student, roles, page.views),
        _mails(connection, student),
        tuple(who_saw(connection, student, None if is_named else roles)),
        (
            *(rule.expectation() for rule in rules),
            *(policy.looks.expectations() if policy else ()),
        ),
        published.version if published else None,
        policy.agreed_sources if policy else (),
        policy.calendar if policy else Calendar(),
        titles,
        {row.code: row.starts for row in on},
        tuple(requests_of(connection, student, today)),
    )


def _flags(connection: sa.Connection, student: int, level: Level) -> tuple[OwnFlag, ...]:
    rows = connection.execute(
        sa.select(flags, modules.c.title)
        .outerjoin(modules, modules.c.code == flags.c.module)
        .where(flags.c.student_id == student)
        .order_by(flags.c.raised_on.desc(), flags.c.id.desc())
    ).all()
    titles = names_of({row.module: row.title or "" for row in rows if row.module})
    versions: dict[int, PublishedPolicy] = {}
    for row in rows:
        if row.policy_id not in versions:
            versions[row.policy_id] = published_by_id(connection, row.policy_id)
    return tuple(
        OwnFlag(
            row.raised_on,
            titled(row.reason_student, row.module, titles),
            welsh_of_flag(row, row.reason_student, titles),
            MarkerFamily(row.family),
            row.source,
            row.fresh,
            _in_words(versions[row.policy_id], row.rule, level, row.module),
            versions[row.policy_id].version,
            FlagState(row.state),
            FlagEnd(row.ended) if row.ended else None,
            row.ended_on,
            row.case_id is None and row.hold_id is not None,
        )
        for row in rows
    )


def _in_words(published: PublishedPolicy, rule: str, level: Level, module: str | None) -> str:
    policy = published.policy
    those = rules_for(policy.rules, policy.overrides, level, module)
    return next((each.expectation() for each in those if rule == each.NAME), "")


def _exemptions(
    connection: sa.Connection, student: int, roles: Mapping[int, str]
) -> tuple[OwnExemption, ...]:
    rows = connection.execute(
        sa.select(exemptions)
        .where(exemptions.c.student_id == student)
        .order_by(exemptions.c.first.desc(), exemptions.c.id.desc())
    )
    return tuple(
        OwnExemption(
            ExemptionKind(row.kind),
            row.first,
            row.last,
            roles.get(row.by_staff_id, ""),
            row.ended_at.date() if row.ended_at else None,
        )
        for row in rows
    )


def _adjustments(
    connection: sa.Connection, student: int, roles: Mapping[int, str]
) -> tuple[OwnAdjustment, ...]:
    rows = connection.execute(
        sa.select(adjustments)
        .where(adjustments.c.student_id == student)
        .order_by(adjustments.c.first.desc(), adjustments.c.id.desc())
    )
    return tuple(
        OwnAdjustment(MarkerFamily(row.family), row.first, until, roles.get(row.by_staff_id, ""))
        for row in rows
        if (until := until_of(row.last, row.ended_at)) >= row.first
    )


def _mails(connection: sa.Connection, student: int) -> tuple[OwnMail, ...]:
    mine = cases.c.student_id == student
    answered: dict[int, list[tuple[dt.date, str]]] = {}
    rows = connection.execute(
        sa.select(replies)
        .join(cases, cases.c.id == replies.c.case_id)
        .where(mine, replies.c.kind == AnswerKind.ANSWER)
        .order_by(replies.c.received_at, replies.c.id)
    ).all()
    words = open_all(connection, [row.body for row in rows])
    for row, said in zip(rows, words, strict=True):
        answered.setdefault(row.outreach_id, []).append((row.received_at.date(), said))
    sent = connection.execute(
        sa.select(outreach.c.id, outreach.c.sent_at, outreach.c.subject, outreach.c.body)
        .join(cases, cases.c.id == outreach.c.case_id)
        .where(mine, outreach.c.status.in_(_LEFT), outreach.c.sent_at.is_not(None))
    )
    replied = automatic_replies.c
    automatic = connection.execute(
        sa.select(replied.sent_at, replied.subject, replied.body)
        .join(cases, cases.c.id == replied.case_id)
        .where(mine, replied.sent_at.is_not(None))
    )
    left: list[tuple[Any, tuple[tuple[dt.date, str], ...]]] = [
        *((row, tuple(answered.get(row.id, ()))) for row in sent),
        *((row, ()) for row in automatic),
    ]
    subjects = open_notes(connection, [row.subject for row, _ in left])
    bodies = open_notes(connection, [row.body for row, _ in left])
    mails = [
        (row.sent_at, OwnMail(row.sent_at.date(), subject, body, told))
        for (row, told), subject, body in zip(left, subjects, bodies, strict=True)
    ]
    newest = sorted(mails, key=lambda mail: mail[0], reverse=True)
    return tuple(mail for _, mail in newest)
