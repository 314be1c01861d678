"""Preview a letter as a student would get it, for people who write a school's letters."""

from __future__ import annotations

from dataclasses import replace

from store.actions.disclose import disclose
from store.db import repository
from store.db.unit_of_work import Store
from store.letters import choice_named, words_for
from store.letters.checks import example_facts
from store.letters.footer import example_footer
from store.letters.placeholders import EXAMPLE
from store.policies.versions import school_policy
from store.queries.readiness.compose_letter import compose_kind
from store.queries.student_facts import student_facts
from store.queries.students.references import case_id_of
from store.rules.access.disclosures import Implied, Shows
from store.rules.calendar import institution_day
from store.rules.cases.case import Actor
from store.rules.errors import InvalidInput
from store.rules.letters.letter import Language, LetterKind, language_of
from store.rules.model import Rung
from store.rules.outreach.letter_to_send import Letter
from store.rules.policies.policy import SchoolPolicy

COMMAND_LINE = "system:cli"


def preview_letter_for_case(
    store: Store,
    reference: str,
    kind: LetterKind,
    language: Language | None = None,
    draft: SchoolPolicy | None = None,
    name: str = "",
) -> Letter:
    """Preview the letter for a real case, by the policy in force or by a ``draft``; audited.

    ``name`` is that of one of the school's letters; "" for the one that is suggested.

    The case's owner is its writer. It shows what the student would get: the writer's name before
    the mailbox, and the footer, except for the parts of its links that only a drafted email has.

    Raises ``InvalidInput`` where there is no such case.
    """
    with store.unit_of_work() as work:
        case_id = case_id_of(work.connection, reference)
        if case_id is None:
            raise InvalidInput(f"There is no case {reference}.")
        case = repository.case(work.connection, case_id)
        policy = draft or school_policy(work.connection, case.school, institution_day(work.now))
        writer = Actor(0, EXAMPLE.writer, True)
        if case.owner is not None:
            writer = repository.actor(work.connection, case.owner)
        rung = _rung(kind)
        disclose(
            work,
            COMMAND_LINE,
            f"case:{case_id}",
            (Shows.IDENTITY, Shows.ADDRESS, Shows.LETTER),
            Implied.PREVIEWING,
            action="preview-letter",
            kind=kind,
        )
        student = student_facts(work.connection, case.student)
        wanted = language or language_of(student.language)
        choice = choice_named(kind, wanted, policy.letters, name)
        letter = compose_kind(
            work.connection, case, writer, policy, kind, rung, language=wanted, choice=choice
        )
        footer = example_footer(work.links.address, rung, letter.language)
        sender = f"{writer.name} <{letter.sender}>"
        return replace(letter, sender=sender, body=_with(letter.body, footer))


def preview_example(
    kind: LetterKind,
    language: Language,
    policy: SchoolPolicy | None = None,
    address: str = "",
    name: str = "",
) -> tuple[str, str]:
    """Preview subject and text for an invented student with complete data.

    ``name`` is that of one of the school's letters; "" for the one that is suggested. With
    ``address``, this server's public address, the text ends with links.
    """
    facts = example_facts(policy, language, kind=kind)
    letters = policy.letters if policy else ()
    choice = choice_named(kind, language, letters, name)
    subject, body = words_for(kind, language, letters, choice).fill(facts)
    return subject, _with(body, example_footer(address, _rung(kind), language))


def _rung(kind: LetterKind) -> Rung:
    is_personal = kind is LetterKind.PERSONAL_EMAIL
    return Rung.PERSONAL_EMAIL if is_personal else Rung.UNIVERSITY_EMAIL


def _with(body: str, footer: str) -> str:
    return f"{body}\n\n{footer}" if footer else body
