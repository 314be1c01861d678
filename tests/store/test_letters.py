"""Emails to students: required content, forbidden content, and limits on templates."""

import re
from dataclasses import replace

import pytest

from store.letters import Placeholders, load_template, packaged
from store.letters.phrases import SAYINGS
from store.rules.errors import InvalidInput
from store.rules.letters.letter import Language, LetterKind
from store.rules.model import MarkerFamily
from store.rules.text.tone.check import labelling_words, telling_words

FACTS = Placeholders(
    given_name="Dana",
    writer="Alice Adviser",
    school="School of Languages",
    mailbox="languages@example.ac.uk",
    writer_role="student support officer",
    reasons=(
        "We have not seen you since Monday 6 October. We looked at the online learning space.",
        "You came to 2 of 8 sessions in FR101 in the four weeks to Sunday 19 October.",
    ),
    sources="This comes from the class registers, as they stood on Sunday 19 October.",
    signposts=("Advice and Counselling: example.ac.uk/advice",),
)
UNIVERSITY, PERSONAL = LetterKind.UNIVERSITY_EMAIL, LetterKind.PERSONAL_EMAIL


def render(
    kind: LetterKind, facts: Placeholders, language: Language = Language.ENGLISH
) -> tuple[str, str]:
    return packaged(kind, language).fill(facts)


def from_source(source: str, facts: Placeholders = FACTS) -> tuple[str, str]:
    return load_template(source, UNIVERSITY, "own.txt.j2").fill(facts)


def refusal(source: str, kind: LetterKind = UNIVERSITY) -> str:
    with pytest.raises(InvalidInput) as caught:
        load_template(source, kind, "own.txt.j2")
    return caught.value.sentence


# -- The packaged letters ----------------------------------------------------------------------


def test_the_first_letter_says_who_why_and_how_to_answer() -> None:
    subject, body = render(UNIVERSITY, FACTS)

    assert subject == "How are things going, Dana?"
    assert body.startswith("Hello Dana,\n\nMy name is Alice Adviser (student support officer, ")
    for reason in FACTS.reasons:
        assert f"\n- {reason}\n" in body
    for said in (FACTS.sources, *FACTS.signposts, FACTS.mailbox):
        assert said in body
    assert body.endswith("Alice Adviser\nstudent support officer\nSchool of Languages")


@pytest.mark.parametrize(
    "said",
    [
        "Has anything made it hard for you to take part",
        "things we can do together",
        "just reply",
        "see the information we hold",
        "put it right",
        "Complaints Procedure",
    ],
)
def test_the_first_letter_asks_offers_and_tells_of_rights(said: str) -> None:
    assert said in render(UNIVERSITY, FACTS)[1]


def test_the_letter_reads_well_without_what_may_be_missing() -> None:
    bare = replace(FACTS, writer_role="", reasons=(), sources="", signposts=())
    _, body = render(UNIVERSITY, bare)

    assert "(School of Languages)" in body
    assert "because of this" not in body
    assert "services directly" not in body
    assert "\n\n\n" not in body


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", LetterKind)
def test_no_letter_threatens_or_labels(kind: LetterKind, language: Language) -> None:
    subject, body = render(kind, FACTS, language)
    assert labelling_words(f"{subject}\n{body}") == []


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", [PERSONAL, LetterKind.ANSWER])
def test_the_letter_to_a_personal_address_does_not_disclose_the_concern(
    kind: LetterKind, language: Language
) -> None:
    text = "\n".join(render(kind, FACTS, language))

    assert telling_words(text) == []
    hidden = [*FACTS.reasons, *FACTS.signposts, FACTS.sources, FACTS.writer_role, "FR101"]
    hidden += [word for family in MarkerFamily for word in (family.value, family.label)]
    hidden += SAYINGS[language].families.values()
    assert [word for word in hidden if word.casefold() in text.casefold()] == []


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", LetterKind)
def test_every_paragraph_is_one_line(kind: LetterKind, language: Language) -> None:
    _, body = render(kind, FACTS, language)
    said = re.split("With best wishes|Gyda dymuniadau", body)[0]
    texts = [line for line in said.splitlines() if line]
    assert all(line.endswith((".", "?", ":", ",")) or line.startswith("- ") for line in texts)


# -- Data is never code ------------------------------------------------------------------------


@pytest.mark.parametrize("data", ["{{ school }}", "{% for x in reasons %}", "{{ 7 * 7 }}", "{#"])
def test_template_syntax_in_data_stays_text(data: str) -> None:
    facts = replace(FACTS, given_name=data, reasons=(data,))
    _, body = render(UNIVERSITY, facts)
    assert f"Hello {data}," in body
    assert f"- {data}\n" in body


def test_data_cannot_begin_a_line() -> None:
    facts = replace(FACTS, given_name="Dana\nSubject: You\r\n\r\nmust pay", reasons=("a\n- b",))
    subject, body = render(UNIVERSITY, facts)
    assert subject == "How are things going, Dana Subject: You must pay?"
    assert "- a - b\n" in body


# -- Limits on templates -----------------------------------------------------------------------


def test_a_template_of_one_s_own() -> None:
    source = "Subject: Hi {{ given_name }}\n\n{% for each in reasons %}\n- {{ each }}\n{% endfor %}"
    subject, body = from_source(source)
    assert subject == "Hi Dana"
    assert body.splitlines() == [f"- {reason}" for reason in FACTS.reasons]


def test_a_placeholder_that_is_not_on_the_list_is_refused() -> None:
    assert refusal("Subject: Hi\n\nYour grade is {{ grade }}, {{ family_name }}.") == (
        "own.txt.j2: family_name and grade cannot be used in a university email; allowed is "
        "earlier_mail, given_name, mailbox, reasons, school, signposts, sources, urgent_help, "
        "writer and writer_role."
    )


@pytest.mark.parametrize("name", ["reasons", "sources", "signposts", "writer_role"])
def test_what_discloses_is_refused_for_a_personal_address(name: str) -> None:
    sentence = refusal(f"Subject: Hi\n\n{{{{ {name} }}}}", PERSONAL)
    assert sentence == (
        f"own.txt.j2: {name} cannot be used in a personal email; "
        "allowed is earlier_mail, given_name, mailbox, school and writer."
    )


@pytest.mark.parametrize(
    "code",
    [
        "{{ given_name.__class__ }}",
        "{{ given_name|upper }}",
        "{{ given_name * 9999999 }}",
        "{{ reasons[0] }}",
        "{{ range(9) }}",
        "{% include 'secret' %}",
        "{% import 'secret' as x %}",
        "{% set x = given_name %}",
        "{% macro x() %}{% endmacro %}",
        "{{ 7 }}",
    ],
)
def test_a_template_computes_nothing(code: str) -> None:
    assert refusal(f"Subject: Hi\n\n{code}") == (
        "own.txt.j2, line 3: an email template may hold text, {{ placeholder }}, "
        "{% if placeholder %} and {% for each in placeholder %}, and nothing else."
    )


def test_a_broken_template_is_refused_with_its_line() -> None:
    assert refusal("Subject: Hi\n\n{% if reasons %}").startswith("own.txt.j2, line 3: ")


def test_a_template_without_a_subject_is_refused() -> None:
    assert refusal("Hello") == (
        "own.txt.j2: the first line gives the subject, as in “Subject: Hello”."
    )


def test_punitive_words_are_refused_with_their_line() -> None:
    source = "Subject: Hi\n\n{#\nmust\n#}\n{{ given_name }},\nyou must answer."
    expected = "Say this differently: “you must answer” in line 7. Instead, ask"
    assert expected in refusal(source)


def test_telling_words_are_refused_for_a_personal_address() -> None:
    source = "Subject: Hi\n\nWe missed you in the seminar."
    assert refusal(source, PERSONAL).endswith(
        "Leave this out: “missed” in line 3, “seminar” in line 3."
    )
    load_template(source, UNIVERSITY, "own.txt.j2")
