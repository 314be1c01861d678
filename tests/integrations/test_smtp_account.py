"""Settings for email by SMTP and IMAP: complete, or refused in a sentence."""

from __future__ import annotations

import pytest

from integrations.mail.smtp.account import account_of
from integrations.mail.smtp.messages import message_id
from integrations.settings import WrongSetting, settings_of

WHOLE = {
    "SMTP_HOST": "smtp.example.ac.uk",
    "IMAP_HOST": "imap.example.ac.uk",
    "IMAP_USER": "{mailbox}*lantern",
    "IMAP_PASSWORD": "an-invented-password",
}


def test_without_any_there_is_none_and_a_whole_one_is_read() -> None:
    assert account_of(settings_of({})) is None
    found = account_of(settings_of(WHOLE))
    assert found
    assert (found.smtp.port, found.imap.port) == (587, 993)
    assert found.imap.user_of("lang@example.ac.uk") == "lang@example.ac.uk*lantern"
    assert found.is_by_mailbox
    assert not found.smtp.may_be_plain
    assert "an-invented-password" not in repr(found)


def test_the_password_for_smtp_does_for_imap_too() -> None:
    given = {"SMTP_HOST": "a.example", "IMAP_HOST": "b.example"}
    found = account_of(settings_of(given | {"SMTP_USER": "lantern", "SMTP_PASSWORD": "hush-hush"}))
    assert found
    assert (found.imap.user, found.imap.password) == ("lantern", "hush-hush")


@pytest.mark.parametrize(
    ("without", "also", "named"),
    [
        ("SMTP_HOST", {}, "SMTP_HOST"),
        ("IMAP_HOST", {}, "IMAP_HOST"),
        ("IMAP_USER", {}, "IMAP_USER"),
        ("IMAP_PASSWORD", {}, "IMAP_PASSWORD"),
        ("", {"GRAPH_CLIENT_ID": "1"}, "GRAPH_CLIENT_ID"),
    ],
)
def test_half_of_one_is_refused_by_name(without: str, also: dict[str, str], named: str) -> None:
    given = {name: value for name, value in WHOLE.items() if name != without}
    with pytest.raises(WrongSetting, match=named):
        account_of(settings_of(given | also))


def test_each_key_has_its_own_message_id_known_before_it_is_written() -> None:
    one = message_id("lang@example.ac.uk", "mail:1")
    assert one == message_id("Lang@example.ac.uk", "mail:1")
    assert one.endswith("@example.ac.uk>")
    assert (
        len({one, message_id("lang@example.ac.uk", "mail:2"), message_id("m@b.uk", "mail:1")}) == 3
    )
