"""Check a letter after its placeholders are filled in: the same check at every step.

It runs when a policy is checked or published, when an email is drafted by a colleague or by
Lantern, and when it is approved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from store.letters import letters_of, words_for
from store.letters.automatic_reply import automatic_reply
from store.letters.phrases import SAYINGS
from store.letters.placeholders import EXAMPLE, Placeholders
from store.letters.policy_texts import policy_texts, unfit_texts
from store.rules.errors import InvalidInput
from store.rules.letters.letter import DISCREET, Language, LetterKind
from store.rules.letters.personal_address import what_tells
from store.rules.model import MarkerFamily, Role
from store.rules.policies.policy import SchoolPolicy, Urgent
from store.rules.text.formatting import on_day
from store.rules.text.tone.check import check_supportive, indiscreet

_DAY = dt.date(2026, 10, 19)


@dataclass(frozen=True, slots=True)
class Data:
    """The parts of a letter that are data, and are therefore not checked as words.

    ``addresses`` are names of people and schools, mailboxes and pages, in every letter. ``quoted``
    are titles and reasons, which an email to a personal address does not repeat.
    """

    addresses: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()

    @classmethod
    def of(cls, policy: SchoolPolicy, *names: str, reasons: tuple[str, ...] = ()) -> Data:
        """Collect the data in a letter from a school's policy and these names and reasons."""
        unfit = {text.path for text, _ in unfit_texts(policy)}
        written = (each for each in policy_texts(policy) if each.where == "letters")
        fit = [each for each in written if each.path not in unfit and each.text]
        named = tuple(each.text for each in fit if each.path.endswith((".name", ".helps_with")))
        called = tuple(each.text for each in fit if each.text not in named)
        return cls((*names, policy.outreach.mailbox, *called), (*reasons, *named))


def check_letter(subject: str, body: str, data: Data, *, discreet: bool) -> None:
    """Raise ``InvalidInput``, with the field, lines and words, if a letter may not be sent.

    ``discreet``: others may read the letter, so it must not mention the reason for it.
    """
    for field, text in (("subject", subject), ("body", body)):
        check_supportive(text, quoting=(*data.addresses, *data.quoted), field=field)
        if discreet and (told := what_tells(text, quoting=data.addresses)):
            raise InvalidInput(indiscreet(told), field=field)


def example_facts(
    policy: SchoolPolicy | None,
    language: Language,
    school: str = EXAMPLE.school,
    kind: LetterKind = LetterKind.WELFARE,
) -> Placeholders:
    """Return an invented student with every field known, in a school with this policy."""
    sayings = SAYINGS[language]
    day = policy.approval.effective if policy else _DAY
    return replace(
        EXAMPLE,
        school=school,
        mailbox=policy.outreach.mailbox if policy else EXAMPLE.mailbox,
        writer_role=sayings.role([Role.STUDENT_SUPPORT_OFFICER]),
        reasons=(f"You came to 2 of 8 sessions in EX101 in the four weeks to {on_day(day)}.",),
        sources=sayings.sources({MarkerFamily.ATTENDANCE: day}),
        signposts=tuple(
            f"{each.name}, {sayings.helps_with} {each.helps_with}: {each.contact}"
            for each in (policy.services if policy else ())
        ),
        earlier_mail=sayings.day(day),
        urgent_help=sayings.urgent_in(kind, policy.urgent if policy else Urgent()),
    )


def problems_as_sent(policy: SchoolPolicy, school: str = EXAMPLE.school) -> Iterator[str]:
    """Yield one sentence for each letter of this school that could not be sent once filled in.

    Every kind in every language is checked, with the school's real mailbox, name and services.
    """
    data = Data.of(policy, school, EXAMPLE.writer, EXAMPLE.given_name)
    told = list(unfit_texts(policy, school))
    yield from (problem for _, problem in told)
    data = replace(data, quoted=(*data.quoted, *(each.text for each, _ in told)))
    urgent = policy.urgent
    contacts = (urgent.out_of_hours, urgent.emergency, urgent.listening)
    called = replace(data, addresses=(*data.addresses, *contacts))
    for language in Language:
        # Outside working hours, when the letter is longest.
        closed = dt.datetime.combine(_DAY - dt.timedelta(days=1), dt.time(22), dt.UTC)
        subject, body = automatic_reply(
            policy, language, school=school, reader=EXAMPLE.writer, now=closed
        )
        if fault := _example_fault(subject, body, called, discreet=True):
            field, sentence = fault
            yield f"the automatic reply in {language} as it is sent, in its {field}: {sentence}"
    for kind, language in product(LetterKind, Language):
        facts = example_facts(policy, language, school, kind)
        for number in range(max(1, len(letters_of(kind, language, policy.letters)))):
            subject, body = words_for(kind, language, policy.letters, number).fill(facts)
            if fault := _example_fault(subject, body, data, discreet=kind in DISCREET):
                field, sentence = fault
                where = _where(policy, kind, language, number)
                yield f"{where} as it is sent, in its {field}: {sentence}"


@lru_cache(maxsize=1024)
def _example_fault(
    subject: str, body: str, data: Data, *, discreet: bool
) -> tuple[str | None, str] | None:
    """Return the field and sentence of a fault in a letter to the invented student, or None.

    Cached, since one policy is checked several times, and most of its letters are Lantern's own. A
    letter to a real student is never checked here.
    """
    try:
        check_letter(subject, body, data, discreet=discreet)
    except InvalidInput as error:
        return error.field, error.sentence
    return None


def _where(policy: SchoolPolicy, kind: LetterKind, language: Language, choice: int) -> str:
    """Return the document's entry for a letter, or the name of Lantern's own."""
    found = letters_of(kind, language, policy.letters)
    if not found:
        return f"the {kind.label} in {language}"
    return f"letters[{policy.letters.index(found[choice]) + 1}]"
