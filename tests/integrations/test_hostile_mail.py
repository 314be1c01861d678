"""No data can break out of an email or of its folder."""

import time
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.mail import eml
from integrations.mail.html import LONGEST, as_text
from integrations.mail.interface import MailError
from tests.integrations.folder_mail import BOX, MAIL, NOW, files, mailer, text_of, written

INJECTION = "Dana\r\nBcc: outsider@example.org\r\n\r\nSmuggled"


@pytest.mark.parametrize("field", ["sender_name", "subject"])
def test_text_cannot_become_a_header(tmp_path: Path, field: str) -> None:
    mailer(tmp_path).draft(replace(MAIL, **cast(dict[str, Any], {field: INJECTION})))

    (path,) = files(tmp_path, "drafts")
    message = written(path)
    assert message["Bcc"] is None
    assert "Dana Bcc: outsider@example.org Smuggled" in str(
        message["From" if field == "sender_name" else "Subject"]
    )


@pytest.mark.parametrize("field", ["mailbox", "recipient"])
@pytest.mark.parametrize(
    "value",
    [
        INJECTION,
        "",
        "a b",
        "a@b\n",
        "../../a@b",
        "a@../..",
        "..",
        "/etc/a@b",
        "a@b,c@d",
        "Dana <a@b>",
        "é@b",
        "x" * 999,
    ],
)
def test_an_address_that_is_more_than_that_is_refused(
    tmp_path: Path, field: str, value: str
) -> None:
    with pytest.raises(MailError) as caught:
        mailer(tmp_path / "mail").draft(replace(MAIL, **cast(dict[str, Any], {field: value})))

    assert caught.value.permanent
    assert not value or value not in str(caught.value)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("key", [INJECTION, "", "a b", "x" * 999, "clé"])
def test_a_key_that_is_no_plain_word_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(MailError, match="key is not a plain word"):
        mailer(tmp_path).draft(replace(MAIL, key=key))


def test_a_key_that_looks_like_a_path_stays_in_the_folder(tmp_path: Path) -> None:
    mailer(tmp_path / "mail").draft(replace(MAIL, key="../../../escaped"))

    assert len(files(tmp_path / "mail", "drafts")) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mail"]


@pytest.mark.parametrize("ref", ["../../secret", "", "a" * 31, "A" * 32, "0" * 32 + "\n"])
def test_a_reference_is_nothing_but_a_reference(tmp_path: Path, ref: str) -> None:
    for act in (mailer(tmp_path).look, mailer(tmp_path).send):
        with pytest.raises(MailError, match="no such draft"):
            act(BOX, ref)


def test_a_huge_text_is_refused(tmp_path: Path) -> None:
    for mail in (replace(MAIL, body="x" * 100_001), replace(MAIL, subject="x" * 256)):
        with pytest.raises(MailError, match="too long"):
            mailer(tmp_path).draft(mail)


@given(name=st.text(), subject=st.text(max_size=200), body=st.text())
def test_any_text_makes_a_message_with_the_same_headers(name: str, subject: str, body: str) -> None:
    mail = replace(MAIL, sender_name=name, subject=subject, body=body)
    message = message_from_bytes(eml.compose_message(mail, "<1@lantern.invalid>", NOW))

    expected = "From To Subject Date Message-ID X-Lantern-Key MIME-Version Content-Type"
    expected += " Content-Language"
    assert message.keys() == expected.split()
    assert message["To"] == MAIL.recipient


def test_markup_is_text_in_the_html(tmp_path: Path) -> None:
    body = "<script>alert(1)</script> & <b>bold</b>"
    mailer(tmp_path).draft(replace(MAIL, subject="<h1>", body=body))

    html = text_of(written(files(tmp_path, "drafts")[0]), "html")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in html
    assert "<title>&lt;h1&gt;</title>" in html


@pytest.mark.parametrize(
    "part",
    ["<!--", "<", "<a ", "<![", "</", "<p>", "<title>", '<a b="', "<!-- -->", "&#", "<!DOCTYPE"],
)
def test_no_html_holds_a_worker_up_or_breaks_it(part: str) -> None:
    begins = time.process_time()
    as_text(part * (LONGEST // len(part) + 1000))
    assert time.process_time() - begins < 10


@given(st.text(alphabet="<>!-/[]&;#ab \"'\n", max_size=200))
def test_any_html_is_read_and_no_tag_of_it_is_left(html: str) -> None:
    whole = html.replace("&", "")  # &lt; in the source is < in the text
    assert "<a" not in as_text(whole) or "<a" in whole


def test_what_a_person_would_read_is_what_is_kept() -> None:
    html = (
        "<html><head><title>No</title><style>p {}</style></head><body><!-- hidden --><p>I &lt;3 it"
        "<br>and a < b</p><![if !mso]><div>Bye</div><![endif]><script>alert('<p>')</script></body>"
    )
    assert as_text(html) == "I <3 it\nand a < b\n\nBye"
    assert as_text("<p>Hello</p><!-- never ended <p>still here</p>").endswith("still here")
