"""The embedded mailer makes one draft per key and sends it once, whatever interrupts it."""

import datetime as dt
import multiprocessing
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from integrations.mail.interface import MailError
from tests.integrations.folder_mail import BOX, MAIL, NOW, files, mailer, text_of, written


def test_a_draft_is_a_real_message(tmp_path: Path) -> None:
    draft = mailer(tmp_path).draft(MAIL)

    (path,) = files(tmp_path, "drafts")
    message = written(path)
    assert message["From"] == "Alice Adviser <languages@example.ac.uk>"
    assert message["To"] == MAIL.recipient
    assert message["Subject"] == MAIL.subject
    assert message["X-Lantern-Key"] == MAIL.key
    assert message["Message-ID"] == draft.conversation
    assert message["Date"].datetime == NOW
    assert text_of(message, "plain").strip() == MAIL.body
    assert "<h1 " in text_of(message, "html")
    assert "<li>We can meet.</li>\n<li>We can call.</li>" in text_of(message, "html")
    assert "<p>Alice<br>Languages</p>" in text_of(message, "html")


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    mailer(tmp_path / "mail").draft(MAIL)

    (path,) = files(tmp_path / "mail", "drafts")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    folders = [path.parent, path.parent.parent, tmp_path / "mail"]
    assert [stat.S_IMODE(each.stat().st_mode) for each in folders] == [0o700] * 3


def test_a_draft_is_found_by_its_key_and_sent_once(tmp_path: Path) -> None:
    assert mailer(tmp_path).find(BOX, MAIL.key) is None
    draft = mailer(tmp_path).draft(MAIL)
    assert mailer(tmp_path).find(BOX, MAIL.key) == draft

    mailer(tmp_path).send(BOX, draft.ref)
    mailer(tmp_path, NOW + dt.timedelta(days=1)).send(BOX, draft.ref)

    assert mailer(tmp_path).look(BOX, draft.ref).is_sent
    assert mailer(tmp_path).find(BOX, MAIL.key) == replace(draft, is_sent=True)
    (mail,) = mailer(tmp_path).sent()
    assert (mail.ref, mail.recipient, mail.body) == (draft.ref, MAIL.recipient, MAIL.body)
    assert mail.sent_at == NOW
    assert files(tmp_path, "drafts") == []


def test_drafting_again_gives_back_what_there_is(tmp_path: Path) -> None:
    draft = mailer(tmp_path).draft(MAIL)
    assert mailer(tmp_path).draft(replace(MAIL, body="Other words.")) == draft
    mailer(tmp_path).send(BOX, draft.ref)
    assert mailer(tmp_path).draft(MAIL).is_sent

    assert [mail.body for mail in mailer(tmp_path).sent(BOX)] == [MAIL.body]


def test_the_listing_has_every_mailbox_newest_first_and_nothing_else(tmp_path: Path) -> None:
    other = replace(MAIL, key="other", mailbox="history@example.ac.uk")
    for number, mail in enumerate((MAIL, other)):
        at_this_time = mailer(tmp_path, NOW + dt.timedelta(hours=number))
        at_this_time.send(mail.mailbox, at_this_time.draft(mail).ref)
    (tmp_path / "notes").mkdir()

    assert [mail.mailbox for mail in mailer(tmp_path).sent()] == [other.mailbox, BOX]
    assert [mail.mailbox for mail in mailer(tmp_path).sent(BOX)] == [BOX]


def _draft_and_send(root: Path, number: int) -> None:
    mine = mailer(root)
    for key in range(40):
        draft = mine.draft(replace(MAIL, key=f"key-{key}", body=f"Written by {number}."))
        mine.send(BOX, draft.ref)


def test_processes_at_once_make_one_mail_of_each_key(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=_draft_and_send, args=(tmp_path, n)) for n in range(3)]
    for each in others:
        each.start()
    for each in others:
        each.join(60)

    assert [each.exitcode for each in others] == [0, 0, 0]
    assert len(files(tmp_path, "sent")) == 40
    assert files(tmp_path, "drafts") == []


class Killed(BaseException):
    """The exception for a process that ends here; no ``except`` of the tested code may catch it."""


@pytest.mark.parametrize("step", ["link", "replace", "fsync", "utime"])
@pytest.mark.parametrize("occurrence", [1, 2, 3])
def test_killed_at_any_step_the_next_run_completes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, occurrence: int
) -> None:
    where = Path if step == "replace" else os
    real, calls = getattr(where, step), []

    def dying(*args: object) -> object:
        calls.append(args)
        if len(calls) == occurrence:
            raise Killed
        return real(*args)

    def run() -> None:
        mine = mailer(tmp_path)
        mine.send(BOX, (mine.find(BOX, MAIL.key) or mine.draft(MAIL)).ref)

    monkeypatch.setattr(where, step, dying)
    try:
        run()
    except Killed:
        pass
    finally:
        monkeypatch.undo()
    run()

    assert len(files(tmp_path, "sent")) == 1
    assert files(tmp_path, "drafts") == []


def test_what_a_crash_left_is_no_draft_and_goes_with_the_next(tmp_path: Path) -> None:
    draft = mailer(tmp_path).draft(MAIL)
    (path,) = files(tmp_path, "drafts")
    half = path.with_name(f".{draft.ref}.0.part")
    path.rename(half)

    assert mailer(tmp_path).find(BOX, MAIL.key) is None
    mailer(tmp_path).draft(MAIL)
    assert files(tmp_path, "drafts") == [path]


def test_a_full_disk_is_a_passing_error_without_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", f"{tmp_path}/{BOX}")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MailError) as caught:
        mailer(tmp_path).draft(MAIL)

    assert str(caught.value) == (
        "The draft could not be written: No space left on device; check the folder mail in "
        "LANTERN_HOME and its disk."
    )
    assert not caught.value.permanent
    assert caught.value.__suppress_context__


def test_an_error_while_sending_says_that_it_may_have_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = mailer(tmp_path).draft(MAIL)

    def lost(*_: object) -> None:
        raise OSError(5, "Input/output error", BOX)

    monkeypatch.setattr(os, "fsync", lost)
    with pytest.raises(MailError) as caught:
        mailer(tmp_path).send(BOX, draft.ref)

    assert caught.value.unknown
    assert BOX not in str(caught.value)
    assert mailer(tmp_path).look(BOX, draft.ref).is_sent
