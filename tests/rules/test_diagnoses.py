"""§25: naming a person's illness is queried; saying what a service helps with is not."""

from __future__ import annotations

import pytest

from store.rules.text.tone.check import diagnoses

SAID = [
    "You seem to be suffering from depression.",
    "She is suffering from depression",
    "He suffers from severe anxiety, I think.",
    "I think you have anxiety.",
    "You may have an eating disorder.",
    "You might have undiagnosed ADHD",
    "She has got a drink problem",
    "It sounds like a panic attack to me",
    "You sound depressed.",
    "You are clearly very depressed",
    "He’s bipolar",
    "They are probably autistic.",
    "She shows signs of depression",
    "Your anxiety is keeping you from class.",
    "This looks like burnout.",
    "You could be depressed",
    "I was told that she is mentally ill",
    "He had a nervous breakdown last year",
    "Rydych chi'n dioddef o iselder.",
    "Mae gorbryder arnoch chi",
]
HARMLESS = [
    "The wellbeing service helps with anxiety and depression.",
    "If you have anxiety, the counselling service can help.",
    "We can help whether you are depressed or just tired.",
    "People who have depression can talk to them in confidence.",
    "You told us that you were ill last week.",
    "The Great Depression is the topic of week four.",
    "She added a note on the essay about autism.",
    "How are you, and what would help?",
    "She has a cold.",
    "The seminar on bipolar politics has moved.",
    "You have been given an extension.",
    "He is late with the essay on addiction.",
    "Os oes gorbryder arnoch, gall y gwasanaeth helpu.",
    "Mae'r gwasanaeth lles yn helpu gyda gorbryder.",
    "Add the anxiety workshop to the list.",
]


@pytest.mark.parametrize("sentence", SAID)
def test_an_illness_that_a_person_is_said_to_have_is_found(sentence: str) -> None:
    assert diagnoses(f"Dear Sam,\n{sentence}")
    (found, *_) = diagnoses(f"Dear Sam,\n{sentence}")
    assert found.line == 2


@pytest.mark.parametrize("sentence", HARMLESS)
def test_what_says_it_of_no_one_is_not(sentence: str) -> None:
    assert diagnoses(sentence) == []
