"""Words that a person must read at once (§13, §25).

The sentences of ``danger.tsv`` and ``danger_second.tsv`` were written by people who had not seen
the list. The phrases written for the first list found 55 % of danger in its unread half. In the
second list they found 49 % of danger, and 14 % of the calm sentences too.

So the second list was read in four parts, and prototypes of the scale were measured on parts that
had not been read yet. C and D together: 86 % of danger found, 85 % of calm sentences passed. D
alone, after C had been read: 93 % and 97 %, or 98 % and 86 % with a more generous line, near
today's. Then the list's other half was opened once: 90 % of danger found, 80 % of calm sentences
passed.

Today's points are fitted to both lists, to ordinary answers, and to one half of two more lists,
whose other halves have only been measured. The third list has 326 messages by three other writers:
88 % of danger was found and 87 % of calm messages passed when it was opened. The fourth has 108
messages by the writer of some of the fitted ones: 96 % and 83 %. Those halves have since been used
to choose the lines, and now measure 89 % and 89 %, and 98 % and 83 %.

The third list shows what to expect of others: one message in ten is not found. Therefore the first
automatic reply and the student's page name a contact, whatever the student writes.
"""

import importlib.resources
import re
import time

import pytest

from store.rules.students.urgent_words import may_speak_of_danger
from tests.rules.halves import (
    DANGER,
    DANGER_FOURTH,
    DANGER_SECOND,
    DANGER_THIRD,
    ORDINARY_ANSWERS,
    SAID,
    labelled,
    share,
)


@pytest.mark.parametrize("first", [True, False], ids=["read", "measured"])
def test_danger_is_found_and_most_of_what_is_calm_waits_for_the_morning(first: bool) -> None:
    assert share(DANGER, "danger", first, may_speak_of_danger) == 1
    assert share(DANGER, "calm", first, may_speak_of_danger) <= 0.25


@pytest.mark.parametrize("first", [True, False])
def test_nothing_is_lost_of_the_second_list(first: bool) -> None:
    assert share(DANGER_SECOND, "danger", first, may_speak_of_danger) >= 0.97
    assert share(DANGER_SECOND, "calm", first, may_speak_of_danger) <= 0.1


@pytest.mark.parametrize(
    ("file", "found", "woken"), [(DANGER_THIRD, 0.89, 0.11), (DANGER_FOURTH, 0.95, 0.17)]
)
def test_messages_that_no_one_has_read_fare_as_they_did_when_they_were_opened(
    file: str, found: float, woken: float
) -> None:
    assert share(file, "danger", False, may_speak_of_danger) >= found
    assert share(file, "calm", False, may_speak_of_danger) <= woken


def test_ordinary_answers_wait_for_the_morning() -> None:
    assert share(ORDINARY_ANSWERS, "calm", True, may_speak_of_danger) <= 0.02
    assert share(ORDINARY_ANSWERS, "calm", False, may_speak_of_danger) <= 0.025


@pytest.mark.parametrize(
    "text",
    [
        "Hello Alice,\n\nthank you for your email. I was ill last week.\n\nBest wishes,\nDana",
        "Annwyl Alice,\n\ndiolch am ofyn. Rwy'n iawn.\n\nCofion,\nDana",
        "Yes please.",
        "",
    ],
)
def test_an_ordinary_answer_waits_for_the_morning(text: str) -> None:
    assert not may_speak_of_danger(text)


def test_nothing_that_lantern_says_itself_speaks_of_danger() -> None:
    assert [each.text for each in labelled(SAID) if may_speak_of_danger(each.text)] == []


@pytest.mark.parametrize("words", ["i want to ", "not die ", "my friend is "])
def test_a_long_message_takes_time_in_proportion(words: str) -> None:
    def seconds(times: int) -> float:
        began = time.thread_time()
        may_speak_of_danger(words * times)
        return time.thread_time() - began

    seconds(10)
    # In proportion it is twenty times as long; with quadratic growth, four hundred times.
    assert seconds(8000) < 150 * max(seconds(400), 0.005)


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
            words = re.sub(r"{[{%].*?[%}]}", " ", letter.read_text(encoding="utf-8"))
            assert not may_speak_of_danger(words), letter.name
