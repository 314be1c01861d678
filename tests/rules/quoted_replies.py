"""An email of ours, and the lines that mail programs add above, around and below its quotation."""

from __future__ import annotations

import textwrap

from integrations.mail.html import as_html, as_text

SUBJECT = "How are things going, Dana?"


BODY = """\
Hello Dana,

We have not seen you in seminars since Monday 6 October, and we would like to know how you are.

You can choose what suits you:

- We can meet.
- We can call.

You may see the information we hold about your studies at any time: reply and ask me for it.

Alice Adviser
School of Languages"""


LINKS = """\
- I am fine: https://lantern.example.ac.uk/student/eyJhbGciOiJIUzI1NiJ9.eyJtIjoxfQ.abcdefghijklmnopqrst
- I would like to talk: https://lantern.example.ac.uk/student/eyJhbGciOiJIUzI1NiJ9.eyJtIjoyfQ.abcdefghij"""


TEXT = f"{BODY}\n\n{LINKS}"
SENT = [f"{SUBJECT}\n{TEXT}"]
OWN = "Sorry, I was ill.\nTuesday would be good."
OUTLOOK = as_text(as_html(SUBJECT, TEXT)).replace("I am fine", "I am fine<https://safe.example/x>")


def quoted(text: str, mark: str = "> ") -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in text.splitlines())


def narrow(text: str) -> str:
    return "\n".join(
        "\n".join(textwrap.wrap(line, 60, break_long_words=False)) for line in text.splitlines()
    )


INTRODUCTIONS = (
    "On Wed, 22 Oct 2025 at 10:49, School of Languages <lang@example.ac.uk> wrote:",
    "On Wed, 22 Oct 2025 at 10:49, School of Languages and Cultures <\nlang@example.ac.uk> wrote:",
    "On 22/10/2025 10:49, School of Languages wrote:",
    "Am 22.10.2025 um 10:49 schrieb School of Languages <lang@example.ac.uk>:",
    "Am Mi., 22. Okt. 2025 um 10:49 Uhr schrieb School of Languages <\nlang@example.ac.uk>:",
    "Le mer. 22 oct. 2025 à 10:49, School <lang@example.ac.uk> a écrit :",
    "El mié, 22 oct 2025 a las 10:49, School (<lang@example.ac.uk>) escribió:",
    "Il giorno mer 22 ott 2025 alle ore 10:49 School <lang@example.ac.uk> ha scritto:",
    "Ar Mer, 22 Hyd 2025 am 10:49, ysgrifennodd School <lang@example.ac.uk>:",
    "School <lang@example.ac.uk> 于2025年10月22日周三 10:49写道：",
    "2025年10月22日(水) 10:49 School <lang@example.ac.uk>:",
    "ср, 22 окт. 2025 г. в 10:49, School <lang@example.ac.uk>:",
    "في الأربعاء، 22 أكتوبر 2025 في 10:49 تمت كتابة ما يلي بواسطة School <lang@example.ac.uk>:",
    "School <lang@example.ac.uk> ezt írta (időpont: 2025. okt. 22., Sze, 10:49):",
    "-----Original Message-----\nFrom: School <lang@example.ac.uk>\nSent: 22 October 2025 10:49\n"
    "To: Dana\nSubject: How are things going, Dana?",
    "________________________________\nVon: School <lang@example.ac.uk>\nGesendet: Mittwoch, "
    "22. Oktober 2025 10:49\nAn: Dana\nBetreff: [EXTERN] How are things going, Dana?",
    "De : School <lang@example.ac.uk>\nEnvoyé : mercredi 22 octobre 2025 10:49\nÀ : Dana\n"
    "Objet : How are things going, Dana?",
    "Oddi wrth: School <lang@example.ac.uk>\nAnfonwyd: 22 Hydref 2025 10:49\nAt: Dana\n"
    "Pwnc: How are things going, Dana?",
    "发件人: School <lang@example.ac.uk>\n发送时间: 2025年10月22日 10:49\n收件人: Dana\n"
    "主题: How are things going, Dana?",
    "*From:* School <lang@example.ac.uk>\n*Sent:* 22 October 2025 10:49\n*To:* Dana",
    # Yahoo, whose address may be on a line of its own; Samsung; QQ; Mail.ru.
    "On Wed, 22 Oct 2025 at 10:49, School\n<lang@example.ac.uk> wrote:",
    "-------- Original message --------\nFrom: School <lang@example.ac.uk>\n"
    "Date: 22/10/2025 10:49 (GMT+00:00)\nTo: dana@example.org\nSubject: How are things going, "
    "Dana?",
    '------------------ 原始邮件 ------------------\n发件人: "School" <lang@example.ac.uk>;\n'
    '发送时间: 2025年10月22日(星期三) 晚上10:49\n收件人: "Dana"<dana@example.org>;\n'
    "主题: How are things going, Dana?",
    "среда, 22 октября 2025г., 10:49 +03:00 от School lang@example.ac.uk:",
    "*From:* School <lang@example.ac.uk>\n\n*Sent:* 22 October 2025 10:49\n\n*To:* Dana",
    "From: School <lang@example.ac.uk> Sent: Wednesday, October 22, 2025 10:49 AM To: Dana "
    "<dana@example.org> Subject: How are things going, Dana?",
    "Begin forwarded message:\n\nFrom: School <lang@example.ac.uk>\nSubject: How are things going, "
    "Dana?\nDate: 22 October 2025 at 10:49:00 BST\nTo: dana@example.org",
)


BANNERS = (
    "CAUTION: This email originated from outside of the organisation. Do not click links.",
    "You don't often get email from lang@example.ac.uk. Learn why this is important",
    "Achtung: Externe E-Mail",
    "ZjQcmQRYFpfptBannerStart\nThis Message Is From an External Sender\nReport Suspicious\n"
    "ZjQcmQRYFpfptBannerEnd",
    "** External Email **",
    "EXTERNAL: Do not click links",
    "This email originated outside the University. Check before clicking links or attachments.",
    "Externe E-Mail: Bitte Vorsicht",
    "ATENCIÓN: Este correo electrónico procede de fuera de la organización",
    "Rhybudd: Daeth yr e-bost hwn o'r tu allan",
)


WROTE = "On Wed, 22 Oct 2025 at 10:49, School of Languages <lang@example.ac.uk> wrote:"
