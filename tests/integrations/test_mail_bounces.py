"""A bounce is recognised by its content, whichever server or person sent it."""

from pathlib import Path

import pytest

from integrations.mail.auto_reply import kind_of
from store.rules.model import AnswerKind
from tests.integrations.folder_mail import BOX, mailer, put

OURS = "<" + "a" * 32 + "@lantern.invalid>"


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


@pytest.mark.parametrize(
    "report", ["delivery-status", "disposition-notification", "feedback-report", "x-new"]
)
@pytest.mark.parametrize("subject", ["Read: How are things?", "Gelesen: x", "", "Re: How are you?"])
def test_any_report_is_no_answer_whatever_its_subject(report: str, subject: str) -> None:
    content = f'Multipart/Report; report-type={report}; boundary="x"'
    assert kind_of({"subject": subject, "content-type": content}) is AnswerKind.AUTOMATIC


UNDELIVERED = (
    "Undeliverable: Hello", "Unzustellbar: Hello", "Non remis : Hello", "Non recapitabile: Hello",
    "No se puede entregar: Hello", "Não é possível entregar: Hello", "Onbestelbaar: Hello",
    "Niedostarczalne: Hello", "Går inte att leverera: Hello", "Kan ikke leveres: Hello",
    "Ei voi toimittaa: Hello", "Nedoručitelné: Hello", "Nedoručiteľné: Hello",
    "Kézbesíthetetlen: Hello", "Nelivrabil: Hello", "Δεν είναι δυνατή η παράδοση: Hello",
    "Nije moguće isporučiti: Hello", "Ni mogoče dostaviti: Hello", "Nepristatyta: Hello",
    "Nepiegādājams: Hello", "Kohaletoimetamatu: Hello", "Do-sheachadta: Hello",
    "Ma tistax titwassal: Hello", "Не може да бъде доставено: Hello", "Не удалось доставить: Hello",
    "未送达: Hello", "配信不能: Hello", "배달되지 않음: Hello", "تعذر التسليم: Hello",
    "Teslim edilemedi: Hello", "Không thể gửi: Hello", "अवितरित: Hello", "ناقابل ترسیل: Hello",
)  # fmt: skip


@pytest.mark.parametrize("subject", UNDELIVERED)
def test_a_servers_message_that_it_did_not_arrive_is_a_bounce(subject: str) -> None:
    server = {"from": "Mail Delivery System <MAILER-DAEMON@mx.example>", "subject": subject}
    assert kind_of(server) is AnswerKind.BOUNCE
    assert kind_of({"subject": subject}) is AnswerKind.DOUBTFUL


def test_a_report_that_a_gateway_wrapped_is_one_and_one_that_is_passed_on_is_not(
    tmp_path: Path,
) -> None:
    report = (
        "Content-Type: multipart/report; report-type=delivery-status; boundary=r\n\n--r\n"
        "Content-Type: text/plain\n\nIt failed.\n--r\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example\n\nAction: failed\nStatus: 5.1.1\n\n--r--\n"
    )
    head = f"In-Reply-To: {OURS}\nContent-Type: multipart/mixed; boundary=m\n\n--m\n"
    put(tmp_path, "1.eml", f"Message-ID: <1@x>\n{head}{report}--m--\n".encode())
    asked = "Content-Type: text/plain\n\nWhat is this?\n--m\nContent-Type: message/rfc822\n\n"
    put(tmp_path, "2.eml", f"Message-ID: <2@x>\n{head}{asked}{report}--m--\n".encode())

    kinds = {each.message: each.kind for each in mailer(tmp_path).answers(BOX)}
    assert kinds == {"<1@x>": AnswerKind.BOUNCE, "<2@x>": AnswerKind.ANSWER}


SERVICES = [
    # Automatic replies known by a header alone; help desks; challenges; a gateway's tags.
    ({"x-ymail-autoresponder": "1"}, "automatic"),
    ({"x-horde-autoreply": "yes"}, "automatic"),
    ({"x-servicenow-generated": "true"}, "automatic"),
    ({"x-autoanswer": "1"}, "automatic"),
    ({"x-auto-response-suppress": "OOF", "subject": "Re: Hi"}, "answer"),
    ({"x-loop": "dana@x.example"}, "doubtful"),
    ({"subject": "[EXTERNAL] Automatic reply: Hi"}, "automatic"),
    ({"subject": "EXT: [SEC=OFFICIAL] Abwesenheitsnotiz: Hi"}, "automatic"),
    ({"subject": "[EXTERNAL] Re: Automatic reply: Hi"}, "answer"),
    ({"subject": "[LANG101] Re: Hi"}, "answer"),
    ({"subject": "Auto: Hi"}, "doubtful"),
    ({"subject": "Recall: Re: Hi"}, "doubtful"),
    ({"from": "mailer-daemon@x.example", "subject": "Mail failure."}, "bounce"),
    ({"from": "mailer-daemon@x.example", "subject": "Address not found"}, "bounce"),
    ({"from": "postmaster@x.example", "subject": "Mailbox full"}, "bounce"),
    ({"from": "postmaster@x.example", "subject": "[발송실패 안내] dana"}, "bounce"),
    ({"from": "postmaster@x.example", "subject": "[EXTERNAL] Undeliverable: Hi"}, "bounce"),
    ({"from": "mailer-daemon@x.example", "subject": "Delivery incomplete"}, "automatic"),
    (
        {"from": "mailer-daemon@x.example", "subject": "Delayed Mail (still being retried)"},
        "automatic",
    ),
]


@pytest.mark.parametrize(("headers", "kind"), SERVICES)
def test_what_services_of_the_world_send_is_known_by_its_kind(
    headers: dict[str, str], kind: str
) -> None:
    assert kind_of(headers) is AnswerKind(kind)


def test_an_address_that_is_given_up_is_shown_as_doubtful() -> None:
    said = "Hello, this email address is no longer in use."
    assert kind_of({"subject": "Re: Hi"}, body=said) is AnswerKind.DOUBTFUL


QMAIL = f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example
Subject: failure notice

Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

--- Below this line is a copy of the message.

Message-ID: {OURS}
X-Lantern-Key: mail:1:aa
Subject: How are things?
"""
RECEIPT = f"""\
From: Dana <dana@students.example.ac.uk>
Subject: Displayed
Content-Type: multipart/report; report-type=disposition-notification; boundary=b

--b
Content-Type: text/plain

Your message was displayed.
--b
Content-Type: message/disposition-notification

Original-Message-ID: {OURS}
Disposition: manual-action/MDN-sent-manually; displayed
--b--
"""


@pytest.mark.parametrize(("raw", "kind"), [(QMAIL, "bounce"), (RECEIPT, "automatic")])
def test_what_a_machine_says_is_known_by_the_email_that_it_names_inside(
    tmp_path: Path, raw: str, kind: str
) -> None:
    put(tmp_path, "1.eml", raw.encode())
    (answer,) = mailer(tmp_path).answers(BOX)
    assert (answer.kind, answer.conversation) == (AnswerKind(kind), OURS)
