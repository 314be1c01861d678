"""Lines and pieces that are joined before reading, as a mail program may have split a link."""

from __future__ import annotations

import pytest

from store.rules.students.link_secrets import coded_chunks

LINE = "a1" * 6
"""Twelve characters that are neither a word nor a link; shorter pieces are ignored."""
WHOLE = f"student/a.b.{'c1' * 21}c"
"""A whole link, shorter than the column at which mail programs break lines."""


def read(text: str) -> list[str]:
    return [each.text for each in coded_chunks(text)]


@pytest.mark.parametrize(
    "text",
    [
        # After a character that cannot end an address.
        *(f"{LINE[:11]}{end}\nb1b2" for end in "=/.-_%&"),
        # At the column at which mail programs break lines, whatever precedes it.
        f"One line\n{'x ' * 24}{LINE}\nb1b2",
        # In the middle of a link or of coded text.
        "HTTP://a1b2c3\nb1b2",
        "a1%2FStudent%2F\nb1b2",
        "%41%42%43%44%45%46\nb1b2",
        "=41=42=43=44=45=46\nb1b2",
        "https://a1b2\nTHANKS",
        "student/a1b2c\nd3e4",
        "student/a1b2c.d3 e4f5",
        "eyJa1b2c3d4e \n> f5g6",
        "x.stud\u200bent/a1b2\nc3d4",
        # A soft line end that was encoded once more, even before a word.
        "a1a1a1=3D\nthanks",
        "a1a1a1a1=25253D\nthanks",
    ],
)
def test_a_link_goes_on(text: str) -> None:
    last = text.rsplit(maxsplit=1)[-1]
    (chunk,) = read(text)
    assert chunk != last
    assert chunk.endswith(last)


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        (f"{LINE}\nb1b2", [LINE]),
        (f"One line\nTwo\n{'x ' * 23}a{LINE}\nb1b2", [f"a{LINE}"]),
        # Too short, or an address that is complete.
        (f"a1a1a1a1a1/\n{LINE}", [LINE]),
        ("http://a1b2/>\nb1b2", ["http://a1b2/>"]),
        ('http://a1b2/"\nb1b2', ['http://a1b2/"']),
        # Before a word, with characters that may surround one.
        ("http://a1b2c3/\nthanks", ["http://a1b2c3/"]),
        ("http://a1b2c3/\n(Thanks),", ["http://a1b2c3/"]),
        ("student/a1b2c3\nThanks!", ["student/a1b2c3"]),
        # At a space, unless a token is incomplete.
        (f"{LINE}/ b1b2", [f"{LINE}/"]),
        (f"{WHOLE}\nb1b2", [WHOLE]),
        (f"http://a1b2c3/\n\n{LINE}", ["http://a1b2c3/", LINE]),
    ],
)
def test_what_is_not_broken_is_read_apart(text: str, apart: list[str]) -> None:
    assert read(text) == apart


def test_a_second_link_in_the_next_line_goes_on_as_well() -> None:
    text = f"https://a/{WHOLE}\neyJa1b2c3d4e\nf5g6"
    assert read(text) == [text]


def test_pieces_are_joined_with_their_line_ends_alone() -> None:
    assert read("a1a1a1\u200bb1b2b3b4") == ["a1a1a1b1b2b3b4"]
    assert read(LINE) == [LINE]
    assert read(LINE[1:]) == []
    (found,) = coded_chunks(f"> {LINE}/\n> b1")
    assert found.text == f"{LINE}/\nb1"
    assert found.at[0] == (2, 3)
    assert found.at[13:] == ((18, 18), (18, 19), (19, 20))
