"""Count how often students answer and come back after each letter, without names.

These figures only describe. No student is left without an email for the sake of a comparison.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db.read_once import Of, read_each
from store.policies.versions import school_policy
from store.queries.contacts import select_answers
from store.queries.deaths import lives
from store.rules.calendar import institution_day
from store.rules.letters.letter import Language, LetterKind
from store.rules.letters.statistics import LetterName, LetterReport, Rates
from store.rules.model import FlagState, Outcome, OutreachStatus, Rung
from store.rules.small_numbers import PUBLISHED, Figures, ReportPeriod
from store.tables import cases, flags, outreach, policies

_COLUMNS: tuple[sa.Column[Any], ...] = (
    outreach.c.id,
    outreach.c.case_id,
    outreach.c.rung,
    outreach.c.language,
    outreach.c.letter,
    outreach.c.own_words,
    outreach.c.sent_at,
    policies.c.version,
    cases.c.student_id,
    cases.c.outcome,
    cases.c.closed_at,
)


@dataclass(frozen=True, slots=True)
class _Mail:
    name: LetterName
    student: int
    answered: bool
    watched: bool
    back: bool


def letter_report(
    connection: sa.Connection,
    school: int,
    period: ReportPeriod,
    now: dt.datetime,
    figures: Figures = PUBLISHED,
) -> LetterReport:
    """Count emails that were sent and did not bounce; students erased since count too.

    An answer, by email or in any other way, counts for the email that it names, else for the last
    one before it. A student is back where every flag of the case has cleared, or it was closed as
    re-engaged, within the school's sustained period.

    Raises:
        InvalidInput: the school has no policy in force.
    """
    today = institution_day(now) if period.until is None else period.until
    days = school_policy(connection, school, institution_day(now)).sustained_days
    read = _read(connection, school)
    rows = read.mails
    answered = _answered(rows, read.heard, period)
    speaking = _speaking(read.flags)
    mails = []
    for row in rows:
        sent_on = institution_day(row.sent_at)
        until = sent_on + dt.timedelta(days=days)
        if period.holds(sent_on):
            back = _closed(row, until) or _cleared(speaking[row.case_id], sent_on, until)
            name, watched = _name(row), until < today
            mails.append(_Mail(name, row.student_id, row.id in answered, watched, back))
    by_letter: defaultdict[LetterName, list[_Mail]] = defaultdict(list)
    for mail in mails:
        by_letter[mail.name].append(mail)
    ordered = sorted(by_letter.items(), key=lambda item: (-len(item[1]), str(item[0])))
    made = ((name, _rates(of, figures)) for name, of in ordered)
    # A letter whose figures round to 0 is left out, since naming it would reveal that it was used.
    letters = tuple((name, rates) for name, rates in made if rates.mails)
    return LetterReport(period, days, _rates(mails, figures), letters, figures.exact)


def _rates(mails: Sequence[_Mail], figures: Figures) -> Rates:
    watched = [mail for mail in mails if mail.watched]
    answered, back = sum(mail.answered for mail in mails), sum(mail.back for mail in watched)
    return Rates(
        mails=figures.number(len(mails)),
        answered=figures.number(answered),
        answered_share=figures.share(answered, len(mails), _people(mails)),
        watched=figures.number(len(watched)),
        back=figures.number(back),
        back_share=figures.share(back, len(watched), _people(watched)),
    )


def _people(mails: Iterable[_Mail]) -> int:
    return len({mail.student for mail in mails})


@dataclass(frozen=True, slots=True)
class _Rows:
    """The emails that were sent under one school's policy, wherever the student is now, and what
    was heard and flagged on their cases."""

    mails: tuple[Any, ...]
    heard: tuple[Any, ...]
    flags: tuple[Any, ...]


@read_each(Of.SCHOOL)
def _read(connection: sa.Connection, these: Collection[int]) -> Mapping[int, _Rows]:
    """Return the rows of a school; of many, in as many statements as of one."""
    of = sa.func.coalesce(policies.c.school_id, cases.c.school_id)
    sent = (
        sa.select(of.label("of_school"), *_COLUMNS)
        .join(cases, cases.c.id == outreach.c.case_id)
        .outerjoin(policies, policies.c.id == outreach.c.policy_id)
        .where(
            of.in_(these),
            outreach.c.status == OutreachStatus.SENT,
            lives(cases.c.student_id),
        )
    )
    mails: defaultdict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(sent.order_by(outreach.c.sent_at, outreach.c.id)):
        mails[row.of_school].append(row)
    emailed = sent.with_only_columns(outreach.c.case_id)
    answers = select_answers()
    heard = connection.execute(sa.select(answers).where(answers.c.case_id.in_(emailed))).all()
    raised = connection.execute(
        sa.select(flags.c.case_id, flags.c.raised_on, flags.c.cleared_on).where(
            flags.c.case_id.in_(emailed), flags.c.state != FlagState.WITHDRAWN
        )
    ).all()
    found = {}
    for school in these:
        on = {row.case_id for row in mails[school]}
        found[school] = _Rows(
            tuple(mails[school]),
            tuple(row for row in heard if row.case_id in on),
            tuple(row for row in raised if row.case_id in on),
        )
    return found


def _name(row: sa.Row[Any]) -> LetterName:
    kind = LetterKind(row.letter) if row.letter else None
    return LetterName(kind, Language(row.language), row.own_words, row.version, Rung(row.rung))


def _answered(mails: Sequence[Any], heard: Iterable[Any], period: ReportPeriod) -> set[int]:
    """Return the ids of the emails that were answered by the period's end."""
    by_case: defaultdict[int, list[tuple[dt.datetime, int]]] = defaultdict(list)
    for mail in mails:
        by_case[mail.case_id].append((mail.sent_at, mail.id))
    found = set[int]()
    for each in heard:
        if not period.known(institution_day(each.at)):
            continue
        before = [mail for sent_at, mail in by_case[each.case_id] if sent_at <= each.at]
        found |= {each.outreach_id} if each.outreach_id else set(before[-1:])
    return found


def _closed(mail: sa.Row[Any], until: dt.date) -> bool:
    if mail.outcome != Outcome.RE_ENGAGED or mail.closed_at is None:
        return False
    return bool(mail.sent_at <= mail.closed_at and institution_day(mail.closed_at) <= until)


def _speaking(raised: Iterable[Any]) -> defaultdict[int, list[tuple[dt.date, dt.date | None]]]:
    """Map each case to (raised, cleared) of its flags that were not withdrawn."""
    found: defaultdict[int, list[tuple[dt.date, dt.date | None]]] = defaultdict(list)
    for row in raised:
        found[row.case_id].append((row.raised_on, row.cleared_on))
    return found


def _cleared(
    speaking: Iterable[tuple[dt.date, dt.date | None]], sent_on: dt.date, until: dt.date
) -> bool:
    """Return whether all flags raised by then had cleared by then, the last after the email."""
    cleared = [cleared_on for raised_on, cleared_on in speaking if raised_on <= until]
    days = [day for day in cleared if day is not None and day <= until]
    return bool(days) and len(days) == len(cleared) and max(days) > sent_on
