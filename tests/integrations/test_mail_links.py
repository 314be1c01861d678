"""A list's addresses are links in the HTML, and replies with them are still recognised."""

import datetime as dt
from dataclasses import replace

import pytest

from integrations.mail import eml
from integrations.mail.html import as_html, as_text
from integrations.mail.interface import Draft, Mail

LINK = "https://lantern.example.ac.uk/student/abc.def-g_h.ijk"
OTHER = "https://evil.example/student/abc"
BODY = f"Hello Dana,\n\nare you well?\n\nYou can also answer here:\n\n- I am fine: {LINK}"
MAIL = Mail("mail:1", "lang@example.ac.uk", "Alice", "dana@example.ac.uk", "Hello", BODY)


def test_a_link_is_called_by_its_words_and_nothing_else_is_a_link() -> None:
    hostile = f'- "><script>: {LINK}\n- no: javascript:alert(1)\n- two {LINK} words'
    page = as_html("Hello", f"{BODY}\n\n{hostile}")
    assert f'<li><a href="{LINK}">I am fine</a></li>' in page
    assert page.count("<a ") == 2
    assert "<script" not in page
    assert "javascript:alert(1)</li>" in page


def test_the_plain_text_has_the_whole_address() -> None:
    made = eml.read_email(
        eml.compose_message(MAIL, "<1@lantern.invalid>", dt.datetime(2025, 10, 22, tzinfo=dt.UTC))
    )
    assert made.body == BODY


@pytest.mark.parametrize(
    ("text", "is_still"),
    [
        (as_text(as_html(MAIL.subject, BODY)), True),
        (as_text(as_html(MAIL.subject, BODY)).replace("I am fine", f"I am fine<{LINK}>"), True),
        (as_text(as_html(MAIL.subject, BODY)).replace("I am fine", f"I am fine <{LINK}>"), True),
        (as_text(as_html(MAIL.subject, BODY)).replace("I am fine", f"I am fine<{OTHER}>"), False),
        (as_text(as_html(MAIL.subject, BODY)).replace("I am fine", "I am well"), False),
    ],
)
def test_a_draft_with_links_is_known_again_and_one_with_others_is_not(
    text: str, is_still: bool
) -> None:
    draft = Draft("1", "2", False, (MAIL.recipient,), MAIL.subject, text)
    assert draft.is_still(MAIL) is is_still
    assert not replace(draft, recipients=("charlie@example.ac.uk",)).is_still(MAIL)
