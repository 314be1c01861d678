"""Words that emails to students must not use."""

import pytest

from store.rules.errors import InvalidInput
from store.rules.text.tone.check import (
    ToneFault,
    check_supportive,
    indiscreet,
    labelling_words,
    telling_words,
)


@pytest.mark.parametrize(
    "text",
    [
        "This is a warning.",
        "There is a PENALTY for this.",
        "Your failure to answer",
        "You must come.",
        "You are at risk.",
        "You are an at-risk student.",
        "Your work is poor.",
        "You are failing.",
        "a disciplinary meeting",
        "non-compliance",
        "There will be sanctions.",
        "You are required\nto attend.",
    ],
)
def test_words_that_threaten_demand_or_label_are_found(text: str) -> None:
    assert labelling_words(text)


@pytest.mark.parametrize(
    "text",
    ["In your discipline, mustard and risk are studied.", "Poorna, how are you?", "Forewarned"],
)
def test_other_words_are_left_alone(text: str) -> None:
    assert labelling_words(text) == []


def test_each_is_named_with_its_line() -> None:
    text = "Hello Dana,\n\nyou must come.\nThis is a final\nnotice."
    assert labelling_words(text) == [ToneFault(3, "must"), ToneFault(4, "This is a final notice")]


def test_the_refusal_says_which_and_where() -> None:
    with pytest.raises(InvalidInput) as caught:
        check_supportive("Hello,\nthis is a warning: you must come.")
    assert caught.value.sentence == (
        "An email to a student offers help and asks. Say this differently: "
        "“warning” in line 2, “must” in line 2. "
        "Instead, leave out what might follow, and say which help there is; ask, as in “could you "
        "…, when it suits you?”."
    )


def test_names_and_titles_that_the_mail_repeats_are_not_its_words() -> None:
    text = "Hello Sam Poor,\n“Warning signs” was due on Monday.\nYou must come."
    quoting = ("Sam Poor", "Warning signs", "", "m")
    assert labelling_words(text, quoting=quoting) == [ToneFault(3, "must")]


def test_a_mail_to_a_personal_address_says_nothing_of_why() -> None:
    assert telling_words("Hello Dana,\nplease look in your university inbox.") == []
    found = telling_words("Hello Dana,\nyour attendance worried us, and your log-ins too.")
    assert indiscreet(found) == (
        "A personal address may be read by others, so this email cannot say what it is about. "
        "Leave this out: “attendance” in line 2, “worried” in line 2, “log-ins” in line 2."
    )


@pytest.mark.parametrize("word", ["module", "engagement", "VLE", "missed", "support", "concern"])
def test_markers_modules_and_concern_are_telling(word: str) -> None:
    assert telling_words(f"About your {word}.") == [ToneFault(1, word)]
