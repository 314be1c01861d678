"""A school's own letters in its policy: which are accepted, and which student gets which."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from importlib import resources

import pytest
import textstat

from store import letters
from store.actions.outreach import write_draft
from store.actions.outreach.preview_letter import preview_letter_for_case
from store.actions.schools.load_roster import load_roster
from store.policies.document import PolicyProblems, parse
from store.rules.errors import InvalidInput
from store.rules.letters.letter import Language, LetterKind, SchoolLetter, language_of
from store.rules.letters.requirements import hard_to_read
from store.rules.model import Rung
from store.rules.policies.diff import policy_differences
from store.rules.schools import Roster
from store.rules.text.readability import EASY, LIGHT, lix, reading_ease
from store.tables import audit
from store.tables import outreach as outreach_table
from tests.people import ROSTER, policy_document
from tests.world import World

TEXT = """\
Hello {{ given_name }},

I am {{ writer }} of {{ school }}. I write because of this:

{% for reason in reasons %}
- {{ reason }}
{% endfor %}

{{ sources }}

How are things with you, and is there a reason that we should know?

We can meet, make a plan, or find out about more time.

Just reply, or write to {{ mailbox }}. Ask me to see what we hold about you. If it is wrong, we
put it right. You can also complain, and we will tell you how."""


def packaged_source(kind: LetterKind, language: Language) -> SchoolLetter:
    file = resources.files(letters).joinpath(language, f"{kind}.txt.j2")
    first, _, rest = file.read_text(encoding="utf-8").partition("\n")
    return SchoolLetter(kind, first.removeprefix("Subject: "), rest, language)


def problems(text: str, kind: LetterKind = LetterKind.UNIVERSITY_EMAIL) -> list[str]:
    return list(letters.letter_problems([SchoolLetter(kind, "How are you?", text)]))


def with_letter(text: str, subject: str = "How are you?", **more: str) -> str:
    told = {"kind": "university-email", "subject": subject} | more
    keys = "\n".join(f'{key} = "{value}"' for key, value in told.items())
    return f"{policy_document()}[[letters]]\n{keys}\ntext = '''\n{text}'''\n"


# -- Lantern's own letters pass the same checks as a school's ------------------------------------


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", LetterKind)
def test_what_is_packaged_would_be_let_in(kind: LetterKind, language: Language) -> None:
    assert list(letters.letter_problems([packaged_source(kind, language)])) == []


@pytest.mark.parametrize("kind", LetterKind)
def test_the_english_letters_are_easy_by_a_library_with_a_dictionary(kind: LetterKind) -> None:
    _, body = letters.packaged(kind, Language.ENGLISH).fill(letters.Placeholders(*"abcd"))
    said = "\n".join(line if line.endswith((".", "?")) else f"{line}." for line in body.split("\n"))
    assert textstat.textstat.flesch_reading_ease(said) >= EASY
    assert reading_ease(said) >= EASY


@pytest.mark.parametrize("kind", LetterKind)
def test_the_welsh_letters_are_light_by_the_same_library(kind: LetterKind) -> None:
    _, body = letters.packaged(kind, Language.WELSH).fill(letters.Placeholders(*"abcd"))
    assert lix(body) == pytest.approx(textstat.textstat.lix(body), abs=6)
    assert list(hard_to_read(Language.WELSH, body)) == []


def test_what_is_heavy_in_welsh_is_said() -> None:
    heavy = "Gwasanaethau ymgynghorol rhyngddisgyblaethol cydweithredol prifysgolion cenedlaethol"
    (said,) = hard_to_read(Language.WELSH, heavy)
    assert f"allowed is {LIGHT} or less" in said


# -- What a school's letters may say -------------------------------------------------------------


def test_a_letter_of_a_school_s_own_is_let_in() -> None:
    assert problems(TEXT) == []


@pytest.mark.parametrize(
    ("without", "missing"),
    [
        ("I am {{ writer }} of {{ school }}. ", "say who writes"),
        ("{{ sources }}\n", "say what was seen and where"),
        ("How are things with you, and is there a reason that we should know?", "ask how"),
        ("We can meet, make a plan, or find out about more time.", "offer help with two options"),
        ("Just reply, or write to {{ mailbox }}. ", "say how to answer"),
        ("Ask me to see what we hold about you. ", "say how to see what is held"),
        ("If it is wrong, we\nput it right. ", "say how to have something put right"),
        ("You can also complain, and we will tell you how.", "say how to complain"),
    ],
)
def test_what_a_letter_leaves_out_is_said(without: str, missing: str) -> None:
    assert without in TEXT
    (said,) = problems(TEXT.replace(without, ""))
    assert said.startswith(f"letters[1].text: the letter does not {missing}")


def test_what_is_said_only_to_some_is_not_said() -> None:
    hidden = "{% if signposts %}\nYou can also complain.\n{% endif %}"
    (said,) = problems(TEXT.replace("You can also complain, and we will tell you how.", hidden))
    assert said.endswith("the letter does not say how to complain")


@pytest.mark.parametrize(
    "word", ["must", "a warning", "at risk", "a truant", "rhybudd", "methiant"]
)
def test_words_that_threaten_or_label_are_refused_with_their_line(word: str) -> None:
    (said,) = problems(TEXT.replace("Just reply", f"You are {word}. Just reply"))
    assert said.startswith("letters[1].text: An email to a student offers help and asks")
    assert "in line 15. Instead, " in said


@pytest.mark.parametrize("said", ["your attendance", "FR101, a module", "eich presenoldeb"])
def test_a_personal_letter_that_tells_is_refused_with_its_line(said: str) -> None:
    own = packaged_source(LetterKind.PERSONAL_EMAIL, Language.ENGLISH)
    told = replace(own, text=own.text.replace("a single line", said).replace("A single", said))
    (problem,) = letters.letter_problems([told])
    assert "A personal address may be read by others" in problem
    assert problem.endswith("in line 10.")


def test_hard_words_are_refused() -> None:
    heavy = "Institutional representatives facilitate comprehensive multidisciplinary consultation"
    assert any("hard to read" in each for each in problems(TEXT.replace("Hello", f"{heavy} " * 6)))


def test_letters_of_a_kind_and_language_have_names_of_their_own() -> None:
    letter = SchoolLetter(LetterKind.UNIVERSITY_EMAIL, "How are you?", TEXT)
    named = replace(letter, name="After an illness")
    assert list(letters.letter_problems([letter, named])) == []
    (said,) = letters.letter_problems([letter, named, letter])
    assert said == (
        "letters[3] is the second university email in en without a name; "
        "give each a name of its own"
    )
    (said,) = letters.letter_problems([named, replace(named, name="after an ILLNESS")])
    assert "“after an ILLNESS”" in said


# -- In the policy -------------------------------------------------------------------------------


def test_a_policy_says_everything_that_is_wrong_with_its_letters() -> None:
    with pytest.raises(PolicyProblems) as refused:
        parse(with_letter("You must answer {{ grade }}.", "A {{ given_name|upper }}"), "p.toml")
    said = refused.value.problems
    assert [each.partition(": ")[2].partition(":")[0] for each in said] == [
        "letters[1].subject, line 1",
        "letters[1].text",
        "letters[1].text",
    ]
    assert "“You must answer” in line 1" in said[2]


@pytest.mark.parametrize("language", ["fr", "english"])
def test_a_language_that_cannot_be_checked_is_refused(language: str) -> None:
    with pytest.raises(PolicyProblems, match="allowed is one of en, cy"):
        parse(with_letter(TEXT, language=language), "p.toml")


@pytest.mark.parametrize("mailbox", ["no-reply@example.ac.uk", "DoNotReply@example.ac.uk"])
def test_mail_comes_from_where_people_read(mailbox: str) -> None:
    document = policy_document().replace("lang@example.ac.uk", mailbox)
    with pytest.raises(PolicyProblems, match="a mailbox that people read"):
        parse(document, "p.toml")


def test_what_changes_in_a_letter_is_said_line_by_line() -> None:
    before = parse(with_letter(TEXT), "p.toml")
    after = parse(with_letter(TEXT.replace("Hello", "Dear")), "p.toml")
    assert policy_differences(before, after) == [
        "letters.university-email in en: text changes. Was: “Hello {{ given_name }},” "
        "Now: “Dear {{ given_name }},”"
    ]
    (new,) = policy_differences(parse(policy_document(), "p.toml"), after)
    assert new.startswith("letters.university-email in en is new")


# -- Which student gets which letter -------------------------------------------------------------


def speaks(world: World, language: str) -> None:
    (dana,) = (each for each in ROSTER.students if each.given_name == "Dana")
    load_roster(world.store, Roster(students=(replace(dana, language=language),)))


@pytest.mark.parametrize(
    ("recorded", "begins"),
    [("cy", "Helo Dana"), ("cy-gb", "Helo Dana"), ("en", "Hello Dana"), ("fr", "Hello Dana")],
)
def test_a_student_is_written_to_in_their_language(
    world: World, recorded: str, begins: str
) -> None:
    speaks(world, recorded)
    case = world.open_case()
    letter = write_draft.compose(world.store, world.by("sana"), case)
    assert letter.body.startswith(begins)
    assert letter.language is language_of(recorded)
    write_draft.save_draft(world.store, world.by("sana"), case, letter.subject, letter.body)
    assert world.draft(case).language is letter.language


def test_welsh_days_roles_and_sources_are_welsh(world: World) -> None:
    speaks(world, "cy")
    body = write_draft.compose(world.store, world.by("sana"), world.open_case()).body
    assert "Sana Support (swyddog cymorth i fyfyrwyr, School of Languages)" in body
    assert "hyd at ddydd Mawrth 21 Hydref: y man dysgu ar-lein." in body
    assert "Tuesday" not in body


def test_a_school_s_letter_is_used_and_the_packaged_one_for_the_rest(world: World) -> None:
    world.publish(with_letter(TEXT, "A word, {{ given_name }}"))
    case = world.open_case()
    letter = write_draft.compose(world.store, world.by("sana"), case)
    assert letter.subject == "A word, Dana"
    assert "- We have not seen you since Monday 6 October." in letter.body

    speaks(world, "cy")
    assert (
        write_draft.compose(world.store, world.by("sana"), case).subject == "Sut mae pethau, Dana?"
    )


def test_a_personal_mail_speaks_of_the_earlier_one_only_where_it_arrived(world: World) -> None:
    case = world.open_case()
    world.approved_mail(case)
    world.send()
    world.clock.forward(days=5)
    assert (
        "on Wednesday 22 October" in write_draft.compose(world.store, world.by("sana"), case).body
    )
    world.publish(
        policy_document(effective=dt.date(2025, 9, 2)).replace("wait_days = 3", "wait_days = 4", 1)
    )
    first = world.open_case("eli")
    assert "wrote to your" not in write_draft.compose(world.store, world.by("sana"), first).body


def test_a_mail_is_always_short_enough_to_edit(world: World) -> None:
    services = "\n".join(
        f'[[services]]\nkey = "s{n}"\nname = "Service {n}"\nhelps_with = "{"many things " * 20}"\n'
        f'contact = "s{n}@example.ac.uk"'
        for n in range(20)
    )
    world.publish(f"{policy_document()}{services}\n")
    body = write_draft.compose(world.store, world.by("sana"), world.open_case()).body
    assert len(body) <= 3000
    assert "Service 0" in body
    assert "Service 19" not in body
    assert body.endswith("School of Languages")


def test_a_real_case_is_shown_as_its_student_would_get_it_and_that_is_noted(world: World) -> None:
    world.open_case()
    shown = preview_letter_for_case(world.store, "lang-1", LetterKind.PERSONAL_EMAIL)
    assert (shown.rung, shown.recipient) == (Rung.PERSONAL_EMAIL, "dana@home.example")
    assert "Hello Dana" in shown.body
    assert shown.sender == "Sana Support <lang@example.ac.uk>"
    assert "Sana Support" in shown.body
    assert "/student/" not in shown.body
    world.store.links.address = "https://lantern.example.ac.uk"
    linked = preview_letter_for_case(world.store, "LANG-1", LetterKind.PERSONAL_EMAIL).body
    assert linked.endswith("- To your page: https://lantern.example.ac.uk/student/…")
    assert world.rows(outreach_table) == []
    (entry, _) = world.rows(audit, action="preview-letter")
    assert (entry["actor"], entry["subject"]) == ("system:cli", "case:1")

    draft = parse(with_letter(TEXT, "A word, {{ given_name }}"), "p.toml")
    kind = LetterKind.UNIVERSITY_EMAIL
    assert (
        preview_letter_for_case(world.store, "LANG-1", kind, draft=draft).subject == "A word, Dana"
    )
    assert preview_letter_for_case(world.store, "LANG-1", kind, Language.WELSH).body.startswith(
        "Helo Dana"
    )
    with pytest.raises(InvalidInput, match="no case LANG-9"):
        preview_letter_for_case(world.store, "LANG-9", kind)
