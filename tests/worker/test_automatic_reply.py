"""A student who answers at night gets an automatic reply with who reads it and contacts (§25)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from unittest.mock import patch

import pytest

from integrations.mail.folder import FolderMailer
from integrations.mail.graph.messages import draft_body
from integrations.mail.interface import Mail, MailError
from store.actions.schools.arrange_cover import Absence, arrange_cover
from store.policies.document import parse
from store.rules.model import AnswerKind
from store.rules.policies.diff import policy_differences
from store.tables import audit, outbox, replies
from store.tables import outreach as mails
from tests.people import LANGUAGES, policy_document
from tests.worker.night_office import (
    BOX,
    CALM,
    CONTACT,
    DANA,
    DANGER,
    DAY,
    NIGHT,
    URGENT,
    arrives,
    came,
    office,
    said,
    text_of,
    waits,
)
from tests.worker.office import Office, office_in, words
from worker.jobs.outreach.send import send_due
from worker.jobs.sweep import sweep

__all__ = ["office"]


def test_where_it_is_unknown_whether_it_left_it_is_looked_for_and_never_sent_again(
    office: Office,
) -> None:
    lost = MailError("no answer", unknown=True)
    with patch.object(FolderMailer, "send", side_effect=lost):
        arrives(office, CALM)
    with patch.object(FolderMailer, "look", side_effect=MailError("there is a conflict")):
        waits(office, 40)
    assert said(office) == "there is a conflict"

    waits(office, 20)

    assert came(office) == []
    assert "it was not known whether it had been sent" in said(office)
    drafts = office.services.settings.home / "mail" / BOX / "drafts"
    assert list(drafts.iterdir()) == []


def test_it_names_the_contacts_and_the_reader_and_promises_nothing_for_today(
    office: Office,
) -> None:
    arrives(office, CALM)
    (reply,) = came(office)
    assert (reply["To"], reply["Auto-Submitted"]) == (DANA, "auto-replied")
    assert reply["X-Auto-Response-Suppress"] == "All"
    assert reply["In-Reply-To"] == "<answer-0@students.example.ac.uk>"
    said = text_of(office)
    for part in ("automatic reply", CONTACT, "999", "Nightline", "Sana Support"):
        assert part in said, part
    assert "next open on Thursday 23 October from 08:00" in said
    for never in ("today", "tonight", "urgent", "risk", "engagement", "Dana"):
        assert never not in said.casefold().replace("dana", "Dana"), never
    shown = words(office.clicks("sana", "show", case=1).dialog)
    assert "An automatic reply was sent" in shown
    assert "automatic-reply-sent" in [row["action"] for row in office.world.rows(audit)]


def test_the_same_words_whatever_the_answer_says(office: Office, tmp_path: Path) -> None:
    arrives(office, DANGER)
    with office_in(tmp_path / "other") as other:
        other.world.publish(policy_document(LANGUAGES) + URGENT)
        other.world.approved_mail(other.world.open_case())
        other.works()
        other.clock.now = NIGHT
        arrives(other, CALM)
        assert text_of(other) == text_of(office)


def test_in_working_hours_only_what_cannot_wait_gets_one(office: Office) -> None:
    office.clock.now = DAY
    arrives(office, CALM)
    assert came(office) == []
    arrives(office, DANGER)
    assert "Our offices are next open" not in text_of(office)


def test_one_a_day_and_another_on_the_next(office: Office) -> None:
    for text in (CALM, DANGER, f"{DANGER} Please."):
        arrives(office, text)
    assert len(came(office)) == 1
    office.clock.now += dt.timedelta(days=1)
    arrives(office, CALM)
    assert len(came(office)) == 2
    kept = {row["kind"] for row in office.world.rows(replies)}
    assert (kept, len(office.world.rows(replies))) == ({AnswerKind.ANSWER}, 4), (
        "what answers the automatic reply is an answer on the case"
    )


def test_from_elsewhere_it_goes_to_the_address_that_was_written_to(office: Office) -> None:
    arrives(office, CALM, sender="someone@elsewhere.example.org")
    assert [each["To"] for each in came(office)] == [DANA]


def test_the_colleague_who_covers_on_that_day_is_named(office: Office) -> None:
    world = office.world
    absence = Absence(world.staff("sana"), world.staff("alice"), DAY.date(), DAY.date())
    arrange_cover(world.store, world.by("lena"), world.school(LANGUAGES), absence)
    arrives(office, CALM)
    assert "Alice Adviser" in text_of(office)


def test_graph_gets_it_with_the_mark_and_the_thread() -> None:
    mail = Mail("key", BOX, "School", DANA, "Hello", "Hello", answers=("<a@b>",), is_automatic=True)
    made = draft_body(mail)
    values = {
        each["id"].split()[-1]: each["value"] for each in made["singleValueExtendedProperties"]
    }
    assert values["Auto-Submitted"] == "auto-replied"
    assert values["0x1042"] == values["0x1039"] == "<a@b>"
    assert made["internetMessageHeaders"] == [{"name": "X-Auto-Response-Suppress", "value": "All"}]


def test_the_policy_says_so_and_shows_the_change() -> None:
    on = parse(policy_document(LANGUAGES) + URGENT, "on.toml")
    off = parse(f"{policy_document(LANGUAGES)}{URGENT}automatic_reply = false\n", "off.toml")
    assert [each for each in policy_differences(on, off) if "automatic_reply" in each] == [
        "urgent.automatic_reply was true; it becomes false."
    ]
    assert on.urgent.replies_at_once
    assert not off.urgent.replies_at_once


def test_it_leaves_once_though_a_worker_dies_right_after_sending(office: Office) -> None:
    real = office.services.mailer.send

    def dies(*args: object, **more: object) -> None:
        real(*args, **more)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    office.services.mailer.send = dies  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        arrives(office, CALM)
    del office.services.mailer.send
    for _ in range(3):
        office.clock.forward(minutes=3)
        sweep(office.services)
        office.works()
    assert len(came(office)) == 1
    (row,) = office.world.rows(outbox, kind="automatic-reply")
    assert row["state"] == "sent"
    assert len(office.world.rows(mails)) == 1
    send_due(office.services)


@pytest.mark.parametrize(("text", "number"), [(CALM, 0), (DANGER, 1)])
def test_a_forged_answer_gets_none_unless_it_speaks_of_danger(
    office: Office, text: str, number: int
) -> None:
    arrives(office, text, Authentication_Results="mx.example.ac.uk; spf=fail; dmarc=fail")
    assert len(came(office)) == number
