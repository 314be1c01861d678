"""A sentence is weighed by its words, its cues and their pairs."""

from __future__ import annotations

from math import hypot

import pytest

from store.rules.text.weighing import Cue, Scale, patterns, read_points

POINTS = (
    "1.5\t#loss",
    "0.5\t#loss2",
    "-2.0\t#no-loss",
    "1.5\t#end",
    "-1.0\t#end*#loss",
    "0.25\tyour visa",
    "0.75\t^ your",
    "3.0\tstart-",
    "-3.0\tyour",
)


def scale() -> Scale:
    cues = patterns({"loss": "visa", "end": "~diwedd"}, {"office": "visa office"})
    return Scale(cues, read_points(POINTS), 0.125)


def test_points_are_read_one_from_a_line() -> None:
    assert read_points(["1.5\t#loss", "-2.0\tyour visa"]) == {"#loss": 1.5, "your visa": -2.0}


def test_the_features_of_a_sentence_are_its_words_in_a_row_and_its_cues() -> None:
    words = {
        *("your", "your visa", "your visa 0", "visa", "visa 0", "visa 0 starting"),
        *("0", "0 starting", "starting", "start-", "^ your", "^ your visa"),
    }
    assert scale().features("your visa 12 starting") == dict.fromkeys(words, 1.0) | {"#loss": 2.0}
    found = scale().features("visa ddiwedd visa")
    assert {name: value for name, value in found.items() if name[0] == "#"} == {
        "#loss": 2.0,
        "#loss2": 1.4,
        "#end": 2.0,
        "#end*#loss": 1.0,
    }
    assert scale().features("") == {}
    assert "visas-" not in scale().features("visas")


def test_the_weight_is_the_sum_of_the_points_for_the_length() -> None:
    found = (-3.0 * 1 + 0.25 * 1 + 0.75 * 1 + 1.5 * 2) / hypot(1, 1, 1, 2)
    assert scale().weigh("your visa") == pytest.approx(0.125 + found)
    assert scale().weigh("something else") == -1.0


def test_a_cue_is_denied_within_the_reach_of_a_denial() -> None:
    assert list(scale().found("visa, so never a visa")) == [
        Cue("loss", 0, 4, denied=False),
        Cue("loss", 17, 21, denied=True),
    ]
    far = "nothing of all that was said here, and the visa"
    assert [each.denied for each in scale().found(far)] == [False]
    assert scale().weigh("never a visa") < 0 < scale().weigh("a visa")


def test_the_heaviest_cues_are_named_in_their_order() -> None:
    said = "visa diwedd visa diwedd and no visa, visa office"
    named = scale().heaviest(said, frozenset({"office"}))
    assert [(each.kind, each.start) for each in named] == [("loss", 0), ("end", 5), ("loss", 12)]
    assert [each.kind for each in scale().heaviest("visa diwedd", {"loss"})] == ["end"]
    # With equal place and points, the kind listed first wins. One without points is last.
    assert [each.kind for each in scale().heaviest("visa office", set(), 1)] == ["loss"]
    even = Scale(scale().cues, {"#loss": 1.0, "#office": 1.0}, 0)
    assert [each.kind for each in even.heaviest("visa office", set(), 1)] == ["loss"]
    light = Scale(scale().cues, {"#loss": 0.5, "#office": 0.0}, 0)
    assert [each.kind for each in light.heaviest("diwedd visa", set(), 1)] == ["loss"]


def test_the_heaviest_words_are_two_to_five_in_a_row() -> None:
    def words(said: str) -> str:
        first, last = scale().heaviest_words(said)
        return said[first:last]

    assert words("we say: starting it, your own way") == "we say: starting"
    assert words("your starting ones") == "starting ones", "what speaks for it is left out"
    assert words("starting") == "starting"
    assert words("") == ""
    heavy = "so starting starting! starting starting starting starting now"
    assert words(heavy) == "starting starting! starting starting starting"
