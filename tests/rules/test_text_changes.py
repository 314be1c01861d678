"""The changes in a text as an approver reads them."""

from store.rules.text.diff import changes

BEFORE = """Hello Dana,

My name is Alice and I would like to know how you are today.

- meet for a chat
- make a plan

With best wishes,
Alice"""


def said(after: str) -> list[str]:
    return [str(each) for each in changes(BEFORE, after)]


def test_nothing_is_said_of_blanks_and_wrapping() -> None:
    assert said(BEFORE) == []
    assert said(BEFORE.replace("\n\n", "\n").replace("my name", "my  name")) == []


def test_changed_words_stand_with_a_few_around_them() -> None:
    assert said(BEFORE.replace("would like", "want")) == [
        "Was: “… Alice and I would like to know how …” Now: “… Alice and I want to know how …”"
    ]


def test_lines_that_are_new_or_gone_are_said_whole() -> None:
    assert said(BEFORE.replace("- make a plan\n", "")) == ["Left out: “- make a plan”"]
    assert said(BEFORE.replace("- make a plan\n", "- make a plan\n- or call me\n")) == [
        "New: “- or call me”"
    ]


def test_a_word_that_is_said_twice_is_not_lost() -> None:
    (change,) = changes("I am very happy", "I am very very happy")
    assert change.now.count("very") == 2
    (change,) = changes("a a a", "a a")
    assert (change.was, change.now) == ("a a a", "a a")
    (change,) = changes("very " * 9, "very " * 8)
    assert (change.was, change.now) == ("… very very very very", "… very very very")


def test_every_change_is_said_in_order_in_a_long_text_of_like_lines_too() -> None:
    both = BEFORE.replace("Dana", "Sam").replace("make a plan", "write a plan")
    assert said(both) == [
        "Was: “Hello Dana,” Now: “Hello Sam,”",
        "Was: “- make a plan” Now: “- write a plan”",
    ]
    lines = ["- another room"] * 250
    assert [str(each) for each in changes("\n".join(lines), "\n".join(["Hi", *lines]))] == [
        "New: “Hi”"
    ]
