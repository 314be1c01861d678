"""A reason must be in the person's own words (§13)."""

import pytest

from store.rules.errors import InvalidInput
from store.rules.text.reasons import Pasted, check_reason, pasted, words_in

CARD = "No activity since Monday 6 October in QMplus."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "👍 👍 👍",
        ". . . . .",
        "… — !!! ???",
        ":thumbsup: :ok_hand: :raised_hands:",
        "<@U123> <@U456> <#C789>",
        "https://example.ac.uk/one https://example.ac.uk/two",
        "fine fine fine",
        "Fine FINE fíne",
        "a b c d",
        "1 2 3 4 5",
        "1st 2nd 3rd, at 10am",
        "aa bb cc",
        "asdf qwer zxcv",
        "Asdfgh, qwertz yxcv!",
        "poiuy lkjhg mnbvc",
        "qaz wsx edc",
        "abc def ghi",
        "bla blah hmm",
        "lorem ipsum dolor sit amet",
        "\u3164\u3164 \u3164\u3164\u3164 \u115f\u115f",
        "\u200b\u200b \u200b",
        "谢谢谢谢谢谢",
        "同意",
        CARD,
        "no activity since monday",
        f"{CARD} Yes",
        "NO ACTIVITY — since Monday, 6 October, in QMplus!",
    ],
)
def test_what_is_no_words_of_ones_own_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_reason(text, field="why", own=(CARD,))
    assert caught.value.field == "why"


@pytest.mark.parametrize(
    "text",
    [
        "She was ill last week",
        "Mae hi'n sâl yr wythnos hon",
        "她上周生病了",
        "आज वह बीमार थी",
        "เธอป่วยเมื่อวาน",
        "👍 she told me so",
        "Strč prst skrz krk",
        "Es wert genug",
        "Reza Trew asked",
        "were we three",
        "I agree: no activity since Monday, and her tutor is worried too",
        f"{CARD} She was ill",
        # One or two words that also stand on the card are allowed.
        "She told QMplus",
        "Illness in QMplus",
    ],
)
def test_words_of_ones_own_pass_in_any_script(text: str) -> None:
    assert check_reason(f"  {text} ", own=(CARD,)) == text


def test_a_reason_stands_in_one_line_unless_it_is_asked_for_in_several() -> None:
    typed = " She was  ill\nlast week "
    assert check_reason(typed) == "She was ill last week"
    assert check_reason(typed, keeps_lines=True) == "She was  ill\nlast week"
    for refused in ("ok", "too long a reason"):
        with pytest.raises(InvalidInput) as caught:
            check_reason(refused, longest=12)
        assert caught.value.field == "reason"


def test_words_are_folded_with_what_is_inside_them() -> None:
    said = "She’s she's ha\u00adppy, cafe\u0301 na\u0300 O\u036fK; ที่ 2 อ๒"
    assert words_in(said) == ["shes", "shes", "happy", "cafe", "na", "ok", "ท", "อ"]


def test_a_reason_pasted_on_many_cases_is_found_whatever_its_dress() -> None:
    given = [
        ("Bob", "LANG-1", "He told me so, on 3 May."),
        ("Bob", "LANG-2", "he told me SO on 4 may"),
        ("Bob", "LANG-2", "he told me so on 4 may"),
        ("Lena", "LANG-3", "He told me so, on 3 May."),
        ("Bob", "LANG-4", "👍 He told me so! On 9 May"),
        ("Bob", "LANG-5", "She is abroad"),
    ]
    assert pasted(given) == (Pasted("Bob", ("LANG-1", "LANG-2", "LANG-4")),)
    assert pasted(given[:3]) == ()
