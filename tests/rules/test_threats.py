"""Threats, demands and labels in an email to a student, in English and Welsh (§6, §14, §17).

The sentences of ``threats.tsv`` and ``threats_second.tsv`` were written by people who had not seen
the rules. The rules that were written for the first list caught 58 % of threats in its unread half
and 55 % in the second list, where 87 % of the harmless sentences passed. So the second list was
read in four parts, and prototypes of the scale were measured on parts that were not read yet:

    read     measured   threats caught   harmless passed
    A        B, C, D    83 %             82 %
    A, B     C, D       84 %             82 %
    A, B, C  D          89 %             77 %

Then its other half was opened once, with the rules unchanged: 85 % of threats caught, 92 % of
the harmless passed. Three more lists were opened once each:

    list     sentences   threats caught   harmless passed
    third    498         84 %             95 %
    fourth   113         96 %             92 %
    fifth    480         94.2 %           95.4 %

The third measured 91 % and 93 % once a sentence could be refused for its words alone. The fifth
was opened after the rules were finished and kept: in English 94.4 % and 96.7 %, in Welsh 93.3 %
and 91.7 %.

The next two lists were more varied, and the same rules did worse on them. Then both were read,
constructions were named, sentences were written in as many ways as possible, and the points were
fitted to all lists so far. The eighth was opened once, after that.

    list     sentences   threats caught   harmless passed
    sixth    480         88.3 %           92.1 %
    seventh  480         84.2 %           92.5 %
    eighth   480         94.2 %           97.9 %

The eighth in English: 94.4 % and 97.8 %; in Welsh: 93.3 % and 98.3 %. Its misses led to a few more
constructions, and the points were fitted to it as well. Then the ninth was opened once, with two
lines: 0.1, chosen on lists left out of the fit and in use, and 0.0, which catches more.

    list     line   sentences   threats caught   harmless passed
    ninth    0.1    480         95.4 %           95.0 %
    ninth    0.0    480         96.7 %           94.6 %

Nothing has changed since. Lists that the points are fitted to show only that no result got worse.
The result on the day a list was opened shows what to expect of other lists.
"""

import time

import pytest

from store.rules.errors import InvalidInput
from store.rules.text.tone.check import check_supportive, labelling_words
from tests.rules.halves import (
    ORDINARY_LETTERS,
    SAID,
    THREATS,
    THREATS_EIGHTH,
    THREATS_FIFTH,
    THREATS_FOURTH,
    THREATS_NINTH,
    THREATS_SECOND,
    THREATS_SEVENTH,
    THREATS_SIXTH,
    THREATS_THIRD,
    labelled,
    share,
)


def is_refused(text: str) -> bool:
    return bool(labelling_words(text))


@pytest.mark.parametrize("first", [True, False], ids=["read", "measured"])
def test_threats_are_caught_and_harmless_sentences_pass(first: bool) -> None:
    assert share(THREATS, "threat", first, is_refused) >= 0.97
    assert share(THREATS, "harmless", first, is_refused) <= 0.03


@pytest.mark.parametrize("first", [True, False])
def test_nothing_is_lost_of_the_second_list(first: bool) -> None:
    assert share(THREATS_SECOND, "threat", first, is_refused) >= 0.88
    assert share(THREATS_SECOND, "harmless", first, is_refused) <= 0.05


@pytest.mark.parametrize(
    ("file", "caught", "refused"),
    [
        (THREATS_THIRD, 0.98, 0.02),
        (THREATS_FOURTH, 0.98, 0.02),
        (THREATS_FIFTH, 0.98, 0.02),
        (THREATS_SIXTH, 0.98, 0.02),
        (THREATS_SEVENTH, 0.98, 0.02),
        (THREATS_EIGHTH, 0.98, 0.02),
    ],
)
def test_nothing_is_lost_of_what_the_points_were_fitted_to(
    file: str, caught: float, refused: float
) -> None:
    for first in (True, False):
        assert share(file, "threat", first, is_refused) >= caught
        assert share(file, "harmless", first, is_refused) <= refused


def test_the_list_that_nothing_was_fitted_to_fares_as_when_it_was_opened() -> None:
    every = list(labelled(THREATS_NINTH))
    for label, least in (("threat", 0.95), ("harmless", 0.95)):
        right = [
            is_refused(each.text) is (label == "threat") for each in every if each.label == label
        ]
        assert sum(right) / len(right) >= least


@pytest.mark.parametrize(
    "text",
    [
        "You have nobody to blame but yourself.",
        "Turning up is the bare minimum, and you can't even do that.",
        "The external examiner will be shown your attendance log.",
        "Un cyfle arall gei di, a dyna fo.",
    ],
)
def test_a_sentence_without_any_cue_is_refused_by_the_words_that_weigh_most(text: str) -> None:
    """A refusal must name words; a sentence in which it could name none used to pass."""
    (found,) = labelling_words(text)
    assert 2 <= len(found.word.split()) <= 5
    assert found.word in text.casefold() or found.word in text


def test_what_colleagues_write_every_day_passes() -> None:
    assert share(ORDINARY_LETTERS, "harmless", True, is_refused) <= 0.02
    assert share(ORDINARY_LETTERS, "harmless", False, is_refused) <= 0.02


def test_nothing_that_lantern_says_itself_is_refused() -> None:
    assert [each.text for each in labelled(SAID) if is_refused(each.text)] == []


@pytest.mark.parametrize("file", [THREATS, THREATS_SECOND])
def test_a_refusal_names_words_of_the_sentence_and_not_all_of_it(file: str) -> None:
    for each in labelled(file):
        for found in labelling_words(each.text):
            assert found.fault is not None
            assert len(found.word) > 1
            assert found.word in " ".join(each.text.split())


def test_the_list_is_as_long_and_as_welsh_as_was_wanted() -> None:
    every = list(labelled(THREATS))
    assert len(every) >= 400
    assert sum(each.language == "cy" for each in every) >= len(every) / 4
    assert abs(sum(each.label == "threat" for each in every) - len(every) / 2) < len(every) / 20


@pytest.mark.parametrize(
    "text",
    [
        "We will report you to the Home Office.",
        "Your visa may be affected.",
        "You have to reply by Friday.",
        "This is your last chance.",
        "Your place may be withdrawn.",
        "Unless you reply, we will take this further.",
        "Byddwn yn rhoi gwybod i'r Swyddfa Gartref amdanoch.",
        "Gallai hyn effeithio ar eich fisa.",
        "Rhaid i chi ateb erbyn dydd Gwener.",
        "Dyma'ch cyfle olaf.",
        "Gallech golli eich lle.",
        "Oni bai eich bod yn ateb, byddwn yn mynd â hyn ymhellach.",
        "Oni bai eich bod chi\u2019n ateb, bydd rhaid i ni gymryd camau pellach.",
        "If you don\u2019t reply\nwe will have to withdraw you.",
    ],
)
def test_a_threat_is_refused(text: str) -> None:
    assert is_refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "You have to admit the weather is awful.",
        "The Home Office building tour starts at ten.",
        "Essay 1 was due on Monday 19 October and has not arrived.",
        "Would you like to meet on Friday, or would a call suit you better?",
        "Do come to FR101 again.",
        "Do join us on Thursday.",
        "Come along whenever it suits you.",
        "Dewch i FR101 eto.",
        "Gallwn gwrdd ddydd Gwener, os yw hynny'n gyfleus i chi.",
    ],
)
def test_what_is_harmless_passes(text: str) -> None:
    assert labelling_words(text) == []


def test_the_refusal_names_line_and_words_and_says_what_to_write() -> None:
    with pytest.raises(InvalidInput) as caught:
        check_supportive("Hello Dana,\n\nYour visa may be affected.\nYou have to reply by Friday.")
    said = caught.value.sentence
    assert "“visa” in line 3" in said
    assert "“You have to reply” in line 4" in said
    assert "say which help there is" in said
    assert "ask, as in “could you …" in said


@pytest.mark.parametrize("words", ["you have to ", "unless you not ", "visa your ", "not a the "])
def test_a_long_text_takes_time_in_proportion(words: str) -> None:
    def seconds(times: int) -> float:
        began = time.thread_time()
        labelling_words(words * times)
        return time.thread_time() - began

    seconds(10)
    # In proportion it is twenty times as long; with quadratic growth, four hundred times.
    assert seconds(4000) < 150 * max(seconds(200), 0.005)


OUTRIGHT = """
I have to let the funding office know who has been away.
I will be telling your parents how things stand.
I can promise that nobody will take your place away.
You have been absent far too long.
I shall have to tell your sponsor about the last three weeks.
Your landlord will hear from us about this.
The embassy gets a list of those who were not there.
Your coach will be told that you stay away.
I am letting your employer know about your absences.
We will be in touch with your family about your attendance.
Student Finance will be informed of your absence.
I have been asked to pass your name to the loans company.
You have missed far too much already.
You have been away for much too long now.
We promise you will pass if you come back.
You are guaranteed an extension.
I guarantee that you will not fail.
If you come on Monday I promise you a good mark.
Most people do turn up at this time of year.
Most people do at this time of year, but they tell us, and you did not.
Most students have handed it in by this time of the term, and you have not.
Mae'r rhan fwyaf o bobl yn llwyddo i ddod ar yr adeg hon o'r flwyddyn.
""".strip().splitlines()
KIND = """
We will not tell your parents anything unless you ask us to.
I can let the funding office know that you were ill, if you like.
You can ask the funding office about a hardship loan.
If you would like, I can tell your tutor that you are coming back.
You have been on my mind this week.
We promise that nothing you tell us goes further without your say.
You were away when the timetable changed, so here it is again.
You can ask for an extension, and I can help with the form.
It is fine to have missed a few; most people do at this time of year.
Most students have missed something by this time of the term.
Almost everybody does at some point.
Mae'n iawn colli ambell un; mae'r rhan fwyaf o bobl yn gwneud ar yr adeg hon o'r flwyddyn.
Mae'r rhan fwyaf o bobl yn colli ambell un ar yr adeg hon o'r flwyddyn.
""".strip().splitlines()


@pytest.mark.parametrize("sentence", OUTRIGHT)
def test_telling_others_a_reproach_and_a_promise_of_the_end_are_refused(sentence: str) -> None:
    """§6, §14: however kindly the rest of the sentence is worded."""
    assert labelling_words(f"Hello Dana,\n\n{sentence}\n\nBest wishes")


@pytest.mark.parametrize("sentence", KIND)
def test_what_only_sounds_like_it_passes(sentence: str) -> None:
    assert labelling_words(f"Hello Dana,\n\n{sentence}\n\nBest wishes") == []
