"""A student's link is removed from text in any encoding; the words around it stay."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.rules.students.links import UNMADE, without_secrets
from tests.rules.written_links import BOLD, GAPPED, STEPS, folded, link_of, unfolded, written


@given(
    mail=st.integers(1, 5000),
    steps=st.lists(st.sampled_from(STEPS), max_size=4),
    fold=st.sampled_from(["", "=\n", "=\r\n> ", "\n> ", "\r\n", "\N{ZERO WIDTH SPACE}", "\u00ad"]),
    width=st.integers(60, 100),
)
@settings(max_examples=100, deadline=None)
def test_no_encoding_of_a_link_stays(
    mail: int, steps: list[tuple[str, str]], fold: str, width: int
) -> None:
    link, piece = written(link_of(mail), steps)
    line = folded(link, width, fold) if fold and "\n" not in link else link
    kept = without_secrets(f"Thanks, I was ill.\n\n> Your page: {line} \n\nBye, Dana")

    plain, piece = unfolded(kept), unfolded(piece)
    assert piece not in plain
    assert piece[: max(len(piece) // 2, 16)] not in plain
    assert UNMADE in kept
    assert kept.startswith("Thanks, I was ill.\n\n> Your page: ")
    assert kept.endswith("\n\nBye, Dana")


@pytest.mark.parametrize("quoted", ["", "> ", ">> ", "> > ", ">> > ", "| ", "  "])
@pytest.mark.parametrize("soft", ["\n", " \n", "=\n", " \r\n"])
@pytest.mark.parametrize("width", [40, 60, 72, 76, 78, 80, 100])
def test_a_link_that_a_mail_program_folds_loses_its_secret(
    quoted: str, soft: str, width: int
) -> None:
    """Folded with the space of a flowed line (RFC 3676), softly (RFC 2045), or plainly."""
    link = link_of(7)
    kept = without_secrets(
        f"I was ill.\n\n{quoted}{folded(link, width, soft + quoted)}\n\nBye, Dana"
    )
    plain = re.sub(r"[=\s>|]", "", kept)
    assert link.rpartition("/")[2].split(".", 1)[1] not in plain
    assert link[-43:] not in plain
    assert kept.startswith("I was ill.\n\n")
    assert kept.endswith("\n\nBye, Dana")


def test_gaps_are_read_in_the_form_that_is_sent() -> None:
    """Checks a link as Proofpoint sends it, with its gaps written out by hand."""
    token = link_of(3).rpartition("/")[2]
    head, payload, signature = token.split(".")
    sent = f"{GAPPED}https://lantern.example.ac.uk/student/{head}*{payload}*{signature}__;Li4!!a!b$"
    assert signature not in without_secrets(f"I used {sent} today.")


@pytest.mark.parametrize(
    "text",
    [
        "Yes please, Tuesday at 10.30.\nI was at www.example.ac.uk/student/help and in room 3.14.",
        "> https://www.example.ac.uk/student/support?page=2\nThanks",
        "My number is 1234567890123456789012345678901234567890, and my file essay.final.docx",
        "😀 مرحبا 你好，我生病了。" * 50,
        "a" * 5_000,
        "See https://www.example.ac.uk/help_page?a=%3D1&amp;b=-2D2 too.\n" * 100,
        "x = [1.5, 2.5]; y = ~/notes_2025-10-22.txt & more",
    ],
)
def test_words_that_hold_no_link_of_ours_stay(text: str) -> None:
    assert without_secrets(text) == text


@pytest.mark.parametrize("at", [30, 60, 100])
def test_no_part_of_a_token_stays_by_which_it_could_be_put_together(at: int) -> None:
    """The part before the dots is the same in every link; a mail program may fold at a space."""
    token = link_of(7).rpartition("/")[2]
    payload, signature = token.split(".")[1:]
    for left in (token, f"{payload}.{signature}", f"{token[:at]} {token[at:]}"):
        kept = without_secrets(f"My page was {left} I think.")
        assert signature[4:] not in kept
        assert kept.startswith("My page was ")
        assert kept.endswith(" I think.")


def test_the_next_line_is_not_taken_for_the_end_of_a_link() -> None:
    link = link_of(3)
    secret = link.rpartition("/")[2]
    text = f"I used {link}\nThanks\n<{link}>\nDana"
    assert without_secrets(text) == text.replace(secret, UNMADE)


def test_what_cannot_be_decoded_to_its_end_goes_as_a_whole() -> None:
    chance = random.Random(7)
    tangle = "".join(chance.choice("%2F=3D&#47;-5F_\\") for _ in range(60_000))
    assert without_secrets(f"Hello {tangle} bye") == f"Hello {UNMADE} bye"


@pytest.mark.parametrize(
    "steps",
    [
        [("whole", "packed"), ("around", "cisco")],
        [("whole", "base64 in lines"), ("whole", "base64 of UTF-16")],
        [("whole", "base64 in lines"), ("whole", "base64 of UTF-16, big end first")],
        [("whole", "packed without a name"), ("around", "tracked")],
        [("whole", "base64 of UTF-16"), ("around", "cisco")],
        [("whole", "base64 of UTF-16, big end first"), ("around", "tracked")],
        [("around", "cisco"), ("whole", "base64 of UTF-16"), ("around", "cisco")],
        [("whole", "base32"), ("around", "tracked")],
        [("whole", "hexadecimal"), ("around", "amazon")],
        [("letters", "percent of everything"), ("whole", "packed"), ("around", "cisco")],
        [*[("letters", "what is not visible in percent")] * 2, ("whole", "packed")],
        [("letters", "named entities"), ("gaps", "proofpoint 3")],
        [("letters", "seventh form of Unicode"), ("gaps", "proofpoint 3"), ("whole", "packed")],
    ],
)
@pytest.mark.parametrize("before", ["", "I am fine "])
def test_what_stands_before_a_coded_link_hides_nothing(
    steps: list[tuple[str, str]], before: str
) -> None:
    """A path may end in letters of the code's alphabet, and a space may cut off an address."""
    text, piece = written(link_of(7), steps)
    cut = text.replace("student", f"student{before}", 1) if steps[0][0] == "letters" else text
    kept = without_secrets(f"Thanks. {before}{cut} \n\nBye, Dana")
    assert piece not in kept
    assert piece[: len(piece) // 2] not in kept
    assert UNMADE in kept
    assert kept.startswith("Thanks. ")
    assert kept.endswith(" \n\nBye, Dana")


@pytest.mark.parametrize(
    "write",
    [
        lambda link: link.translate(BOLD),
        lambda link: link.replace(".", "\N{IDEOGRAPHIC FULL STOP}"),
        lambda link: link.replace(".", "\N{ONE DOT LEADER}"),
        "\N{VARIATION SELECTOR-16}".join,
        "\N{WORD JOINER}".join,
        lambda link: f"\N{LEFT-TO-RIGHT ISOLATE}{link[:80]}\N{POP DIRECTIONAL ISOLATE}{link[80:]}",
        *(
            lambda link, width=width: " ".join(
                link[at : at + width] for at in range(0, len(link), width)
            )
            for width in (20, 30, 50)
        ),
        *(lambda link, width=width: folded(link, width, "\n> ") for width in (20, 30, 50)),
    ],
)
def test_a_link_in_other_letters_or_in_pieces_loses_its_secret(
    write: Callable[[str], str],
) -> None:
    link = link_of(7)
    kept = without_secrets(f"I used {write(link)} and it failed at 10.30.")
    plain = unicodedata.normalize("NFKC", re.sub(r"[\s>]", "", kept))
    assert link[-20:] not in plain
    assert link.rsplit(".", 2)[1][:20] not in plain
    assert kept.startswith("I used ")
    assert kept.endswith(" and it failed at 10.30.")


@pytest.mark.parametrize("fold", ["", "=\n", "=\r\n> ", "\n> ", "\N{ZERO WIDTH SPACE}"])
@pytest.mark.parametrize("step", STEPS)
def test_each_encoding_alone_is_undone_in_lines_of_any_kind(
    step: tuple[str, str], fold: str
) -> None:
    link, piece = written(link_of(7), [step])
    line = folded(link, 71, fold) if fold and "\n" not in link else link
    kept = without_secrets(f"I was ill.\n\n> Your page: {line}\nThanks\n\nBye, Dana")
    plain, piece = unfolded(kept), unfolded(piece)
    assert piece not in plain
    assert piece[: max(len(piece) // 2, 16)] not in plain
    assert kept.startswith("I was ill.\n\n> Your page: ")
    assert kept.endswith("Thanks\n\nBye, Dana")
