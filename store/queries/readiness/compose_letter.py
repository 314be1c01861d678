"""Choose the next email of the contact ladder: its address, words and language."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from store.db.case_rows import case_row
from store.letters import Placeholders, Words, letters_of, words_for
from store.letters.phrases import SAYINGS
from store.queries.cases.contact_ladder import answered_rung, ladder_of
from store.queries.cases.entries import entries_of
from store.queries.cases.flags import flag_rows
from store.queries.student_facts import student_facts
from store.queries.students.flag_reasons import reasons_of
from store.queries.students.messages import preference_of
from store.rules.cases.case import Actor, Case
from store.rules.cases.contact_ladder import MAIL_RUNGS
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.letters.letter import Language, LetterKind, language_of
from store.rules.model import OutreachStatus, Purpose, Rung
from store.rules.outreach.guards import preferred_rung
from store.rules.outreach.letter_to_send import LONGEST_BODY, LONGEST_SUBJECT, Letter
from store.rules.policies.policy import SchoolPolicy
from store.rules.students.contacts import COUNTS, ContactQuestion
from store.rules.text.formatting import on_day


def earlier_mail(connection: sa.Connection, case: int) -> dt.datetime | None:
    """Return when the last email to the university address was sent; None where that bounced."""
    left = [
        (each.sent_at, each.id, each.result)
        for each in entries_of(connection, case)["mails"]
        if each.what == Rung.UNIVERSITY_EMAIL
        and each.result in (OutreachStatus.SENT, OutreachStatus.BOUNCED)
        and each.sent_at is not None
    ]
    sent, _, result = max(left, default=(None, 0, ""))
    return None if result == OutreachStatus.BOUNCED else sent


def compose_for(
    connection: sa.Connection,
    case: Case,
    writer: Actor,
    policy: SchoolPolicy,
    purpose: Purpose = Purpose.ENGAGEMENT,
    *,
    today: dt.date,
    choice: int = 0,
) -> Letter:
    """Compose the email of the case's next step, from this writer, about the active flags.

    ``choice`` is the number of one of the school's letters for this step.
    """
    rung, kind = _what_comes(connection, case, policy, purpose, today)
    letter = compose_kind(connection, case, writer, policy, kind, rung, choice=choice)
    return replace(letter, purpose=purpose)


def compose_kind(
    connection: sa.Connection,
    case: Case,
    writer: Actor,
    policy: SchoolPolicy,
    kind: LetterKind,
    rung: Rung,
    *,
    language: Language | None = None,
    choice: int = 0,
) -> Letter:
    """Compose a letter of this kind, in the student's language unless another is named."""
    student = student_facts(connection, case.student)
    wanted = language or language_of(student.language)
    words = words_for(kind, wanted, policy.letters, choice)
    sayings = SAYINGS[words.language]
    # "Look in your university inbox" is for a student who has one.
    earlier = earlier_mail(connection, case.id) if student.university_email else None
    seen = reasons_of(flag_rows(connection, case.id))
    subject, body = _filled(
        words,
        Placeholders(
            given_name=student.given_name or student.family_name,
            writer=writer.name,
            school=row.school_name if (row := case_row(connection, case.id)) else "",
            mailbox=policy.outreach.mailbox,
            writer_role=sayings.role(sorted(writer.roles.get(case.school, ()))),
            sources=sayings.sources(seen.fresh),
            reasons=sayings.few(seen.reasons),
            signposts=tuple(
                f"{each.name}, {sayings.helps_with} {each.helps_with}: {each.contact}"
                for each in policy.services
            ),
            urgent_help=sayings.urgent_in(kind, policy.urgent, own_words=words.is_own),
            earlier_mail=sayings.day(policy.calendar.local(earlier).date()) if earlier else "",
        ),
    )
    sender, recipient = policy.outreach.mailbox, address_for(rung, student)
    return Letter(
        rung,
        sender,
        recipient,
        subject,
        body,
        language=words.language,
        kind=kind,
        own_words=words.is_own,
        choices=tuple(each.name for each in letters_of(kind, wanted, policy.letters)),
        chosen=choice,
    )


def address_for(rung: Rung, student: Any) -> str:
    """Return the address for an email of this step; ``InvalidInput`` where the roster has none."""
    address: str = (
        student.university_email if rung is Rung.UNIVERSITY_EMAIL else student.personal_email
    )
    if not address:
        raise InvalidInput(
            f"The roster holds no {rung.label} address for this student. "
            "Use Log for another kind of contact."
        )
    return address


def _filled(words: Words, facts: Placeholders) -> tuple[str, str]:
    """Fill in subject and body, with as many signposts and then reasons as an email can hold."""
    subject, body = words.fill(facts)
    while len(body) > LONGEST_BODY and (facts.signposts or facts.reasons):
        if facts.signposts:
            facts = replace(facts, signposts=facts.signposts[:-1])
        else:
            facts = replace(facts, reasons=facts.reasons[:-1])
        subject, body = words.fill(facts)
    return subject[:LONGEST_SUBJECT], body[:LONGEST_BODY]


def _what_comes(
    connection: sa.Connection, case: Case, policy: SchoolPolicy, purpose: Purpose, today: dt.date
) -> tuple[Rung, LetterKind]:
    """Return the next step of the school's ladder, which has to be an email, or the answer.

    Students are told the school's steps, their order and how long it waits after each, so a person
    changes neither, except for an address that the student asked for.
    """
    if purpose is Purpose.WELFARE:
        return Rung.UNIVERSITY_EMAIL, LetterKind.WELFARE
    ladder = ladder_of(connection, case, policy, today)
    wanted = preferred_rung(preference_of(connection, case.student).way)
    if ladder.stopped_by and ladder.stopped_by.kind in COUNTS[ContactQuestion.ANSWERED]:
        answered = wanted or answered_rung(connection, case) or Rung.UNIVERSITY_EMAIL
        return answered, LetterKind.ANSWER
    following = ladder.following
    if wanted in ladder.left and following in MAIL_RUNGS:
        following = wanted
    if following in MAIL_RUNGS:
        if until := ladder.waits_before(following):
            raise NotPossibleNow(
                f"{case.reference}: your school waits for an answer until {on_day(until)}, and "
                f"then takes the next step, {following.label}. If you are worried about the "
                "student's welfare, use Welfare concern under More."
            )
        return following, LetterKind(following.value)
    if following is not None:
        raise NotPossibleNow(
            f"{case.reference}: {following.label} is the next step of your school's contact "
            "ladder. Use Contact ladder to take it; then an email may follow."
        )
    raise NotPossibleNow(
        f"{case.reference}: every email on your school's contact ladder has been used. "
        "Record a call or a meeting with Log."
    )
