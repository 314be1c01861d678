"""Words that a person has to read at once (§13, §25).

The sentences of ``danger.tsv`` were written by somebody who had not seen the list. On the second
half, when it was seen for the first time, 55 % of what speaks of danger was found, and 23 % of the
calm sentences were; then it was read and the list was widened, so that today's shares of it say no
more than those of the first.
"""

import importlib.resources

import pytest

from store.rules.students.urgent_words import may_speak_of_danger
from tests.rules.halves import DANGER, share


@pytest.mark.parametrize("first", [True, False], ids=["read", "measured"])
def test_danger_is_found_and_most_of_what_is_calm_waits_for_the_morning(first: bool) -> None:
    assert share(DANGER, "danger", first, may_speak_of_danger) == 1
    assert share(DANGER, "calm", first, may_speak_of_danger) <= 0.25


@pytest.mark.parametrize(
    "text",
    [
        "I cannot go on.",
        "i cant go on",
        "I can\u2019t go on any more, I am sorry",
        "I want to die",
        "Alla i ddim mynd ymlaen",
        "Dw i eisiau marw",
        "Dear Alice,\n\nthank you. I do not want to be here any more.\n\nDana",
    ],
)
def test_who_cannot_go_on_is_read_at_once(text: str) -> None:
    assert may_speak_of_danger(text)


def test_what_the_answered_email_said_is_not_the_students_word() -> None:
    said = "If you or a person near you may be in danger, call 999."
    assert not may_speak_of_danger(f"I am fine, thanks!\n\n> Hello Dana,\n> {said}", quoting=said)
    assert may_speak_of_danger(f"I am in danger.\n\n> {said}", quoting=said)


def test_none_of_lanterns_letters_speaks_of_danger() -> None:
    folder = importlib.resources.files("store.letters")
    for language in ("en", "cy"):
        for letter in folder.joinpath(language).iterdir():
            assert not may_speak_of_danger(letter.read_text(encoding="utf-8")), letter.name
