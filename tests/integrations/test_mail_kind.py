"""Bounces and automatic replies are told apart from what a person wrote."""

import pytest

from integrations.mail.auto_reply import kind_of
from store.rules.model import AnswerKind


@pytest.mark.parametrize(
    ("headers", "message_class", "kind"),
    [
        ({}, "", "answer"),
        ({}, "IPM.Note", "answer"),
        ({}, "IPM.Note.SMIME", "answer"),
        ({"auto-submitted": "no"}, "", "answer"),
        ({"precedence": "bulk"}, "IPM.Note", "doubtful"),
        ({}, "REPORT.IPM.Note.NDR", "bounce"),
        ({"auto-submitted": "auto-replied"}, "report.ipm.note.ndr", "bounce"),
        ({}, "REPORT.IPM.Note.Delayed", "automatic"),
        ({}, "REPORT.IPM.Note.IPNRN", "automatic"),
        ({}, "IPM.Note.Rules.OofTemplate.Microsoft", "automatic"),
        ({"auto-submitted": "Auto-Replied; owner-email=x"}, "", "automatic"),
        ({"x-auto-response-suppress": "All"}, "", "automatic"),
        ({"precedence": "Auto_Reply"}, "", "automatic"),
        ({"content-class": "urn:content-classes:OOFTemplate"}, "", "automatic"),
        ({"content-class": "urn:content-classes:mdn"}, "", "automatic"),
        ({"content-class": "urn:content-classes:message"}, "", "answer"),
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


ABSENT_ELSEWHERE = (
    "Автоматичен отговор", "Automatski odgovor", "Automatická odpověď", "Automatisk svar",
    "Automatisch antwoord", "Automaatvastus", "Automaattinen vastaus", "Réponse automatique",
    "Αυτόματη απάντηση", "Automatikus válasz", "Freagra Uathoibríoch", "Risposta automatica",
    "Automātiskā atbilde", "Automatinis atsakymas", "Tweġiba awtomatika", "Resposta automática",
    "Automatyczna odpowiedź", "Răspuns automat", "Automatická odpoveď", "Samodejni odgovor",
    "Respuesta automática", "Automatiskt svar", "OTOMATİK YANIT", "Trả lời tự động", "自動返信",
    "자동응답", "स्वचालित जवाफ", "স্বয়ংক্রিয় উত্তর", "خودکار جواب", "Автоответ", "自動答覆",
)  # fmt: skip


@pytest.mark.parametrize("subject", ABSENT_ELSEWHERE)
def test_an_absence_notice_is_told_in_the_languages_of_students(subject: str) -> None:
    for said in (f"{subject}: Hello", f"{subject} : Hello", f"{subject}：Hello"):
        assert kind_of({"subject": said}) is AnswerKind.AUTOMATIC, said
    # Without accents, as some programs write it; without the colon it is not certain.
    assert kind_of({"subject": subject}) is AnswerKind.DOUBTFUL


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"subject": "Read: How are things?"}, ""),
        ({"list-id": "<languages.example>"}, ""),
        ({"precedence": "list"}, ""),
        ({"from": "No Reply <no-reply@home.example>"}, ""),
        ({"subject": "Re: Hello"}, "This is an automated message. I am back on Monday."),
        ({"subject": "Re: Hello"}, "Ich bin bis Montag nicht im Büro."),
    ],
)
def test_what_may_be_automatic_is_left_to_a_person(headers: dict[str, str], body: str) -> None:
    assert kind_of(headers, body=body) is AnswerKind.DOUBTFUL


@pytest.mark.parametrize(
    "headers",
    [
        {"x-ms-exchange-inbox-rules-loop": "dana@students.example.ac.uk"},
        {"return-path": " <> "},
        {"auto-submitted": "auto-generated (rule)"},
        {"x-vacation": "yes"},
    ],
)
def test_what_the_standards_say_is_believed(headers: dict[str, str]) -> None:
    assert kind_of(headers | {"subject": "Re: Hello"}) is AnswerKind.AUTOMATIC


@pytest.mark.parametrize(
    "headers",
    [
        {"x-autoreply": "no"},
        {"x-auto-response-suppress": "None"},
        {"auto-submitted": "no", "x-auto-response-suppress": "All"},
    ],
)
def test_a_header_that_denies_it_marks_nothing(headers: dict[str, str]) -> None:
    assert kind_of(headers, message_class="IPM.Note") is AnswerKind.ANSWER


@pytest.mark.parametrize(
    "body",
    [
        "I'm protecting myself from receiving junk mail. Just this once, click the link below.",
        "Your message to me needs verification.",
        "Please confirm that you are human: https://x.example/1",
        "Your message is being held until you complete this verification.",
    ],
)
def test_a_mailbox_that_wants_proof_of_a_human_is_no_answer(body: str) -> None:
    assert kind_of({"subject": "Re: How are things?"}, body=body) is AnswerKind.DOUBTFUL


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Out of office Re: How are things?", ""),
        ("Re: How are things? [Out of office]", ""),
        ("Dana is out of the office", ""),
        ("We have received your message", ""),
        ("Ticket received: How are things?", ""),
        ("Lest: How are things?", ""),
        *(
            ("Re: How are things?", body)
            for body in (
                "I am away from my email and will respond when I get back.",
                "Ich bin bis zum 3. November nicht erreichbar.",
                "Je suis actuellement en congé.",
                "Ik ben momenteel niet op kantoor.",
                "Jag är inte på kontoret.",
                "Olen poissa toimistosta.",
                "Momentálne nie som v kancelárii.",
                "Szabadságon vagyok hétfőig.",
                "Я нахожусь в отпуске до 3 ноября.",
                "Βρίσκομαι εκτός γραφείου.",
                "Ofis dışındayım.",
                "我目前不在办公室。",
                "不在にしております。",
                "현재 부재 중입니다.",
                "أنا خارج المكتب حاليا",
                "मैं अभी कार्यालय से बाहर हूँ।",
                "Tôi hiện đang nghỉ phép.",
                "We have received your email and will answer within 2 working days.",
                "I no longer use this email address.",
            )
        ),
    ],
)
def test_an_absence_in_words_alone_is_doubtful_in_many_languages(subject: str, body: str) -> None:
    assert kind_of({"subject": subject}, body=body) is AnswerKind.DOUBTFUL
