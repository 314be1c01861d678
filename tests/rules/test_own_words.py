"""A school's own wording of reasons, and which wordings are refused at publication."""

from dataclasses import replace

import pytest
import textstat

from store.policies.document import parse
from store.rules.flag_rules import RULES
from store.rules.flag_rules.evidence import Evidence
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flags.flagging import findings
from store.rules.policies.custom_reasons import OwnWords, in_own_words
from store.rules.text.readability import EASY, lix, reading_ease
from store.rules.text.tone.check import labelling_words
from tests.rules.measures import DAY, ago, attended, measure
from tests.store.policy_example import DOCUMENT, problems

SILENT = Evidence(7, (measure(last=ago(30)),))
OURS = (
    "We have not seen you since Sunday 21 September. We looked at the online learning space, up to "
    "Monday 20 October."
)


def words(rule: str, student: str) -> str:
    return f'{DOCUMENT}\n[[words]]\nrule = "{rule}"\nstudent = "{student}"\n'


def test_a_flag_says_it_in_the_schools_words() -> None:
    document = words("inactivity", "It has been {days} days. {reason} How are you?")
    (finding,) = findings(parse(document, "x"), SILENT, DAY)
    assert finding.reason_student == f"It has been 10 days. {OURS} How are you?"
    assert finding.reason_staff.startswith("Not seen since"), "what is not given stays ours"


def test_what_a_rule_does_not_know_stays_and_what_it_did_not_find_is_left_out() -> None:
    (found,) = findings(parse(DOCUMENT, "x"), SILENT, DAY)
    own = OwnWords("inactivity", student="{days} days, {module}{item}{odd}.")
    said = in_own_words(own, Inactivity(), replace(found, subject="Essay 1"))
    assert said.reason_student == "14 days, Essay 1{odd}."


def test_what_was_found_is_filled_in() -> None:
    document = words("attendance", "We would like to see you more in {module}.")
    (finding,) = findings(parse(document, "x"), Evidence(7, (attended(2, 8),)), DAY)
    assert finding.reason_student == "We would like to see you more in FR101."


@pytest.mark.parametrize(
    ("rule", "said", "sentence"),
    [
        ("silence", "Hello.", 'words[1].rule is "silence"; allowed is one of absences'),
        ("inactivity", "Where were you in {module}?",
         "words[1].student has the placeholder module; allowed for inactivity is back_on_days"),
        ("attendance", "You missed {item}.", "words[1].student has the placeholder item; allowed"),
        ("inactivity", "Participation necessitates institutional intervention.",
         "words[1].student is hard to read (Flesch"),
        ("inactivity", "You are at risk now.",
         "words[1].student says “at risk”; allowed is what asks and offers"),
        ("inactivity", "You are a struggling student.", "words[1].student says “struggling”;"),
        ("inactivity", "Your participation in educational activities has deteriorated "
         "considerably, necessitating institutional intervention.",
         "words[1].student is hard to read (Flesch"),
    ],
)  # fmt: skip
def test_words_that_label_or_are_hard_to_read_are_refused(
    rule: str, said: str, sentence: str
) -> None:
    found = problems(words(rule, said))
    assert any(each.startswith(f"language.toml: {sentence}") for each in found), found


def test_saying_nothing_and_saying_it_twice_are_refused() -> None:
    twice = '[[words]]\nrule = "inactivity"\n' * 2
    found = problems(f"{DOCUMENT}\n{twice}")
    assert found[0].endswith('words has the rule "inactivity" 2 times; allowed is once')
    assert "words[1] is empty; allowed is a sentence for student" in found[1]


@pytest.mark.parametrize("word", ["absentee", "struggling", "at risk", "poor", "failing", "truant"])
def test_names_for_a_kind_of_person_are_labels(word: str) -> None:
    assert labelling_words(f"Somebody is {word}.")


TEXTS = [
    OURS,
    "Essay 1 in FR101 was due on Monday 6 October. We have not had it from you yet.",
    "You came to 2 of 8 sessions in FR101 in the four weeks to Sunday 16 November.",
    "The mean of your class is 12. How are you, and is there anything that would help?",
    "Your participation in educational activities has deteriorated considerably.",
    "The cat sat on the mat. It was not seen there again.",
    "Please come and see us in the office at any time between nine and five.",
    *[rule().expectation() for rule in RULES],
]


@pytest.mark.parametrize("text", TEXTS)
def test_our_count_agrees_with_a_librarys(text: str) -> None:
    """Counting syllables by ear and by dictionary differs by this much."""
    assert reading_ease(text) == pytest.approx(textstat.textstat.flesch_reading_ease(text), abs=14)


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_is_let_through_that_a_library_finds_hard(text: str) -> None:
    if reading_ease(text) >= EASY + 5:
        assert textstat.textstat.flesch_reading_ease(text) >= EASY


def test_no_words_are_easy() -> None:
    assert reading_ease("") == reading_ease("12 – 14") == 100.0
    assert lix("") == 0.0


@pytest.mark.parametrize(
    ("text", "words", "syllables"),
    [
        ("The cat sat on the mat", 6, 6),
        ("The college’s page", 3, 4),
        ("Our online-time- table", 3, 6),
        # A code counts as one syllable, however it is read aloud.
        ("HESA and FR101e-alpha", 3, 3),
    ],
)
def test_reading_ease_is_flesch_s(text: str, words: int, syllables: int) -> None:
    said = 206.835 - 1.015 * words - 84.6 * syllables / words
    assert reading_ease(f"{text}.") == pytest.approx(said)
    halves = 206.835 - 1.015 * words / 2 - 84.6 * syllables / words
    assert reading_ease(f"{text.replace(' ', '. ', 1)}.") == pytest.approx(halves)


def test_lix_is_bjornsson_s() -> None:
    assert lix("Dewch i mewn.") == lix("Gweler ni yma.") == 3
    assert lix("Gwasanaethau myfyrwyr. Dewch i mewn!") == 5 / 2 + 100 * 2 / 5


def test_colleagues_read_the_school_s_words_too_and_a_place_unknown_stays() -> None:
    document = (
        f'{DOCUMENT}\n[[words]]\nrule = "attendance"\nstudent = "We miss you in {{module}}."\n'
        'staff = "Few sessions in {module}: below {below_share}."\n'
    )
    (finding,) = findings(parse(document, "x"), Evidence(7, (attended(2, 8),)), DAY)
    assert finding.reason_student == "We miss you in FR101."
    assert finding.reason_staff.startswith("Few sessions in FR101: below ")


def test_a_staff_s_sentence_is_checked_as_well() -> None:
    found = problems(
        f'{DOCUMENT}\n[[words]]\nrule = "inactivity"\nstaff = "At risk in {{module}}."\n'
    )
    assert any("words[1].staff has the placeholder module" in each for each in found), found
