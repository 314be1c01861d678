"""§15, §14: what an email to a personal address may say, and what every email must say."""

import pytest

from store.letters import words_for
from store.letters.checks import example_facts
from store.letters.placeholders import EXAMPLE
from store.rules.letters.left_out import left_out, refused_without, strange_greeting
from store.rules.letters.letter import DISCREET, Language, LetterKind
from store.rules.letters.personal_address import added_sentences, names_of_studies, what_tells

# Texts from which a parent, a flatmate or a landlord who reads along would learn something.
TELLS = """\
Your visa sponsor asked us to write.
I hope the hospital treatment went well.
The counselling appointment is on Monday.
I am writing about your studies because you have been missing.
You did not hand in your essay.
We have not seen you for a week.
I hope that you are feeling less anxious.
The bursary office has a question about your fees.
I hear that you are pregnant.
You stopped coming to classes.
There is homework to catch up on.
Rydym wedi sylwi nad ydych wedi bod yn y dosbarthiadau.
Nid ydym wedi eich gweld ers wythnos.
Mae eich gwaith cartref heb gyrraedd.
Gobeithio bod y driniaeth yn yr ysbyty wedi mynd yn dda.
Mae eich noddwr wedi gofyn am eich fisa.
Daeth cwestiwn am eich cyllid a'ch ffioedd.""".splitlines()

TELLS_NOTHING = """\
Could you get in touch when you have a moment?
Would Thursday at two suit you?
You can call me at any time.
My office is beside the library, and there is coffee.
A single line is enough, and I'll write back.
Allech chi gysylltu pan fydd gennych funud?
Gallwn gwrdd am baned.""".splitlines()


@pytest.mark.parametrize("sentence", TELLS)
def test_a_sentence_that_tells_is_found(sentence: str) -> None:
    assert what_tells(sentence)


@pytest.mark.parametrize("sentence", TELLS_NOTHING)
def test_a_sentence_that_tells_nothing_passes(sentence: str) -> None:
    assert what_tells(sentence) == []


def test_a_students_own_modules_tell_whatever_they_are_called() -> None:
    titles = ("LAN101", "Spoken Welsh", "")
    assert names_of_studies(["Do come to spoken welsh this week."], titles) == ["spoken welsh"]
    assert names_of_studies(["Do come to us this week."], titles) == []


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", LetterKind)
def test_the_schools_letters_leave_nothing_out_and_every_other_sentence_is_added(
    kind: LetterKind, language: Language
) -> None:
    subject, body = words_for(kind, language).fill(example_facts(None, language))
    assert list(refused_without(kind, body, body)) == []
    assert left_out(body, body) == []
    assert strange_greeting(body, ["Sam"]) == ""
    assert strange_greeting(body, ["Dov"]) == "Sam"
    assert added_sentences(f"{subject}\n{body}", body) == []
    if kind in DISCREET:
        assert what_tells(f"{subject}\n{body}", quoting=[EXAMPLE.mailbox]) == []
    # Even the most harmless sentence is shown to its author and its approver.
    lines = body.splitlines()
    for at in range(len(lines) + 1):
        changed = "\n".join([*lines[:at], "The lake was lovely.", *lines[at:]])
        assert added_sentences(body, changed) == ["The lake was lovely."]


SMALL_TALK = """\
Hello Ros,

How are you?
The weather has been lovely.
My cat has learned to open doors.
I saw a film on Sunday.
The lake is full of ducks.
There was cake in the office.

Olga"""


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", [each for each in LetterKind if each is not LetterKind.ANSWER])
def test_small_talk_in_place_of_the_letter_is_refused(kind: LetterKind, language: Language) -> None:
    _, body = words_for(kind, language).fill(example_facts(None, language))
    (offer,) = refused_without(kind, body, SMALL_TALK)
    assert offer.part == "an offer of help"
    assert offer.example in " ".join(body.split())
    assert "how to complain" in left_out(body, SMALL_TALK)
    assert strange_greeting(SMALL_TALK, ["Dov", "Levi"]) == "Ros"


@pytest.mark.parametrize(
    ("greeting", "names"),
    [
        ("Hi Dov!", ["Dov"]), ("Dear Mr Levi,", ["Dov", "Levi"]), ("Hello there,", ["Dov"]),
        ("Annwyl Siân,", ["Sian"]), ("How are you?", ["Dov"]), ("Hello again Dov", ["Dov"]),
    ],
)  # fmt: skip
def test_a_greeting_by_the_students_own_name_passes(greeting: str, names: list[str]) -> None:
    assert strange_greeting(f"{greeting}\n\nHow are you?", names) == ""
