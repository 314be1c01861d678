"""Bounces and automatic replies are told from what a person wrote."""

from pathlib import Path

import pytest

from integrations.mail.auto_reply import kind_of
from store.rules.model import AnswerKind
from tests.integrations.folder_mail import BOX, mailer, put

OURS = "<" + "a" * 32 + "@lantern.invalid>"


@pytest.mark.parametrize(
    ("headers", "message_class", "kind"),
    [
        ({}, "", "answer"),
        ({}, "IPM.Note", "answer"),
        ({}, "IPM.Note.SMIME", "answer"),
        ({"auto-submitted": "no"}, "", "answer"),
        ({"precedence": "bulk"}, "IPM.Note", "answer"),
        ({}, "REPORT.IPM.Note.NDR", "bounce"),
        ({"auto-submitted": "auto-replied"}, "report.ipm.note.ndr", "bounce"),
        ({}, "REPORT.IPM.Note.Delayed", "automatic"),
        ({}, "REPORT.IPM.Note.IPNRN", "automatic"),
        ({}, "IPM.Note.Rules.OofTemplate.Microsoft", "automatic"),
        ({"auto-submitted": "Auto-Replied; owner-email=x"}, "", "automatic"),
        ({"x-auto-response-suppress": "All"}, "", "automatic"),
        ({"precedence": "Auto_Reply"}, "", "automatic"),
    ],
)
def test_exchange_and_the_headers_say_who_wrote_it(
    headers: dict[str, str], message_class: str, kind: str
) -> None:
    assert kind_of(headers, message_class=message_class) is AnswerKind(kind)


ABSENT = (
    "Automatic reply: How are things?",
    "Out of Office: How are things?",
    "Out of office AutoReply: x",
    "Auto-Reply: x",
    "Ymateb Awtomatig: Sut mae pethau?",
    "Abwesenheitsnotiz: x",
    "Automatische Antwort: x",
    "Réponse automatique : x",
    "Respuesta automática: x",
    "Risposta automatica: x",
    "Automatisch antwoord: x",
    "Autosvar: x",
    "Odpowiedź automatyczna: x",
    "Автоматический ответ: x",
    "自动回复: x",
    "自動回覆: x",
    "자동 회신: x",
    "الرد التلقائي: x",
)


@pytest.mark.parametrize("subject", ABSENT)
def test_an_absence_notice_without_any_header_is_told_by_its_subject(subject: str) -> None:
    assert kind_of({"subject": subject}) is AnswerKind.AUTOMATIC


@pytest.mark.parametrize(
    "headers",
    [
        {"subject": "Re: Automatic reply: How are things?"},
        {"subject": "Out of office hours I work, so I am late"},
        {"subject": "Undeliverable: my essay", "from": "Dana <dana@students.example.ac.uk>"},
        {"subject": "Re: How are things?", "from": "Pat <mailer-daemons-fan@home.example>"},
        {"auto-submitted": "no (a person)"},
        {"x-auto-response-suppress": "DR, OOF, AutoReply"},
        {"subject": "", "from": ""},
    ],
)
def test_what_a_student_wrote_is_never_taken_for_a_machine_s(headers: dict[str, str]) -> None:
    assert kind_of(headers, message_class="IPM.Note") is AnswerKind.ANSWER


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"from": "MAILER-DAEMON@mx.example", "subject": "failure notice"}, "bounce"),
        ({"from": "Postmaster <postmaster@x.example>", "subject": "Undeliverable: Hi"}, "bounce"),
        ({"return-path": "<>", "subject": "Mail delivery failed: returning message"}, "bounce"),
        (
            {
                "x-failed-recipients": "a@b.example",
                "subject": "Undelivered Mail Returned to Sender",
            },
            "bounce",
        ),
        (
            {
                "content-type": "multipart/report; report-type=delivery-status",
                "subject": "Delivery Status Notification (Failure)",
            },
            "bounce",
        ),
        (
            {"from": "mailer-daemon@x", "subject": "Delivery Status Notification (Delay)"},
            "automatic",
        ),
        ({"return-path": "<>", "subject": "Re: How are things?"}, "automatic"),
        ({"x-autoreply": "yes"}, "automatic"),
        ({"x-mail-autoreply": "yes"}, "automatic"),
    ],
)
def test_mail_servers_are_known_without_a_report(headers: dict[str, str], kind: str) -> None:
    assert kind_of(headers) is AnswerKind(kind)


@pytest.mark.parametrize(("action", "kind"), [("failed", "bounce"), ("delayed", "automatic")])
def test_a_delivery_report_is_a_bounce_only_where_delivery_failed(
    tmp_path: Path, action: str, kind: str
) -> None:
    raw = f"""\
Message-ID: <1@x>
In-Reply-To: {OURS}
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

About your message.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; dana@home.example
Action: {action}
Status: 5.1.1

--b--
"""
    put(tmp_path, "1.eml", raw.encode())

    (answer,) = mailer(tmp_path).answers(BOX)
    assert answer.kind is AnswerKind(kind)
    assert answer.body == "About your message."


def test_an_absence_notice_in_the_folder_is_automatic(tmp_path: Path) -> None:
    put(tmp_path, "1.eml", f"In-Reply-To: {OURS}\nAuto-Submitted: auto-replied\n\nAway".encode())

    (answer,) = mailer(tmp_path).answers(BOX)
    assert answer.kind is AnswerKind.AUTOMATIC
