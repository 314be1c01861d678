"""Absence notices, bounces and students' own messages, in the words of each language.

The sentences are invented, in the 24 languages of the European Union and in those of students from
elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from integrations.mail.auto_reply import kind_of
from store.rules.model import AnswerKind

SERVER = {"from": "Mail Delivery System <MAILER-DAEMON@mx.example>"}
DANA = {"from": "Dana Dvorak <dana@students.example.ac.uk>"}

NOTICE_BEGINS = (
    "Автоматичен отговор: Как си?", "Automatski odgovor: Kako ste?",
    "Automatická odpověď: Jak se máte?", "Automatisk svar: Hej", "Automatisch antwoord: Hallo",
    "Automatic reply: Hello", "Automaatvastus: Tere", "Automaattinen vastaus: Hei",
    "Réponse automatique : Bonjour", "Automatische Antwort: Hallo", "Αυτόματη απάντηση: Γεια",
    "Automatikus válasz: Szia", "Freagra uathoibríoch: Dia duit", "Risposta automatica: Ciao",
    "Automātiska atbilde: Sveiki", "Automatinis atsakymas: Labas", "Tweġiba awtomatika: Bongu",
    "Odpowiedź automatyczna: Cześć", "Resposta automática: Olá", "Răspuns automat: Bună",
    "Automatická odpoveď: Ahoj", "Samodejni odgovor: Zdravo", "Respuesta automática: Hola",
    "Autosvar: Hej", "自动回复：你好", "自動回覆：你好", "स्वचालित उत्तर: नमस्ते",
    "خودکار جواب: سلام",
    "رد تلقائي: مرحبا", "স্বয়ংক্রিয় উত্তর: হ্যালো", "स्वचालित जवाफ: नमस्ते",
    "Trả lời tự động: Xin chào", "자동 회신: 안녕하세요", "自動応答: こんにちは",
    "Otomatik Yanıt: Merhaba",
    "Автоматический ответ: Привет", "தானியங்கு பதில்: வணக்கம்", "ตอบกลับอัตโนมัติ: สวัสดี",
    "Balasan Otomatis: Halo", "Jawapan automatik: Hai", "پاسخ خودکار: سلام",
    "ਆਟੋਮੈਟਿਕ ਜਵਾਬ: ਹੈਲੋ", "స్వయంచాలక ప్రత్యుత్తరం: హలో", "സ്വയമേവയുള്ള മറുപടി: ഹലോ",
    "સ્વચાલિત જવાબ: હેલો", "स्वयंचलित प्रत्युत्तर: हॅलो", "ස්වයංක්‍රීය පිළිතුර: හෙලෝ",
    "Автоматична відповідь: Привіт", "מענה אוטומטי: שלום", "Аутоматски одговор: Здраво",
    "Automatisk svar: Hei", "Resposta automàtica: Hola", "Jibu la kiotomatiki: Habari",
)  # fmt: skip
OUT_OF_OFFICE = (
    "Извън офиса: Re: x", "Izvan ureda: x", "Mimo kancelář: x", "Ikke på kontoret: x",
    "Kontorist väljas: x", "Absence du bureau : x", "Abwesenheitsnotiz: x", "Εκτός γραφείου: x",
    "Házon kívül: x", "As oifig: x", "Fuori sede: x", "Ārpus biroja: x", "Ne biure: x",
    "Barra mill-uffiċċju: x", "Poza biurem: x", "Ausência do escritório: x",
    "Absent de la birou: x", "Mimo kancelárie: x", "Fuera de la oficina: x",
    "Frånvaromeddelande: x", "Out of Office: x", "Niet op kantoor: x",
)  # fmt: skip
NOTICE_SAYS = (
    "Това е автоматичен отговор. В отпуск съм до понеделник.",
    "Ovo je automatski odgovor. Na godišnjem odmoru sam do ponedjeljka.",
    "Toto je automatická odpověď. Do pondělí mám dovolenou.",
    "Dette er et automatisk svar. Jeg er på ferie til mandag.",
    "Dit is een automatisch antwoord. Ik ben tot maandag afwezig.",
    "This is an automatic reply. I am away until Monday.",
    "See on automaatne vastus. Olen esmaspäevani puhkusel.",
    "Tämä on automaattinen vastaus. Olen lomalla maanantaihin asti.",
    "Ceci est une réponse automatique. Je suis absent jusqu’à lundi.",
    "Dies ist eine automatische Antwort. Ich bin bis Montag im Urlaub.",
    "Αυτή είναι μια αυτόματη απάντηση. Λείπω μέχρι τη Δευτέρα.",
    "Ez egy automatikus válasz. Hétfőig szabadságon vagyok.",
    "Is freagra uathoibríoch é seo. Tá mé as oifig go dtí an Luan.",
    "Questa è una risposta automatica. Sono in ferie fino a lunedì.",
    "Šī ir automātiska atbilde. Esmu atvaļinājumā līdz pirmdienai.",
    "Tai automatinis atsakymas. Atostogauju iki pirmadienio.",
    "Din hija tweġiba awtomatika. Jien bil-leave sa nhar it-Tnejn.",
    "To jest automatyczna odpowiedź. Jestem na urlopie do poniedziałku.",
    "Esta é uma resposta automática. Estou de férias até segunda-feira.",
    "Acesta este un răspuns automat. Sunt în concediu până luni.",
    "Toto je automatická odpoveď. Do pondelka mám dovolenku.",
    "To je samodejni odgovor. Do ponedeljka sem na dopustu.",
    "Esta es una respuesta automática. Estoy de vacaciones hasta el lunes.",
    "Detta är ett automatiskt svar. Jag är på semester till måndag.",
    "这是一封自动回复邮件。我休假至周一。",
    "यह एक स्वचालित उत्तर है। मैं सोमवार तक छुट्टी पर हूँ।",
    "یہ ایک خودکار جواب ہے۔ میں پیر تک چھٹی پر ہوں۔",
    "هذا رد تلقائي. أنا في إجازة حتى يوم الاثنين.",
    "এটি একটি স্বয়ংক্রিয় উত্তর। আমি সোমবার পর্যন্ত ছুটিতে আছি।",
    "यो स्वचालित जवाफ हो। म सोमबारसम्म बिदामा छु।",
    "Đây là thư trả lời tự động. Tôi nghỉ phép đến thứ Hai.",
    "이 메일은 자동 응답 메일입니다. 월요일까지 휴가입니다.",
    "このメールは自動返信です。月曜日まで休暇です。",
    "Bu otomatik bir yanıttır. Pazartesiye kadar izindeyim.",
    "Это автоматический ответ. Я в отпуске до понедельника.", "Ìdáhùn aládàáṣiṣẹ́ ni èyí.",
)  # fmt: skip
NOT_DELIVERED = (
    "Не може да бъде доставено: Здравей", "Nije moguće isporučiti: Hej", "Nelze doručit: Ahoj",
    "Kan ikke leveres: Hej", "Onbestelbaar: Hallo", "Undeliverable: Hello",
    "Kättetoimetamatu: Tere", "Ei voi toimittaa: Hei", "Non remis : Bonjour",
    "Unzustellbar: Hallo", "Δεν παραδόθηκε: Γεια", "Kézbesíthetetlen: Szia",
    "Do-sheachadta: Dia duit", "Non recapitabile: Ciao", "Nevar piegādāt: Sveiki",
    "Nepristatoma: Labas", "Ma jistax jitwassal: Bongu", "Niedostarczalne: Cześć",
    "Não entregue: Olá", "Nu se poate livra: Bună", "Nedoručiteľné: Ahoj",
    "Ni mogoče dostaviti: Zdravo", "No se puede entregar: Hola", "Går inte att leverera: Hej",
    "未送达：你好", "無法傳遞: 你好", "अवितरणीय: नमस्ते", "ناقابل ترسیل: سلام",
    "غير قابل للتسليم: مرحبا",
    "বিতরণযোগ্য নয়: হ্যালো", "डेलिभर गर्न सकिएन: नमस्ते", "Không thể gửi: Chào",
    "배달되지 않음: 안녕",
    "配信不能: こんにちは", "Teslim edilemedi: Merhaba", "Недоставленное: Привет",
    "ไม่สามารถส่งได้: สวัสดี", "Tidak terkirim: Halo", "Tidak dapat dihantar: Hai",
    "تحویل داده نشد: سلام", "ਨਾ ਭੇਜਣਯੋਗ: ਹੈਲੋ", "வழங்க முடியவில்லை: வணக்கம்",
    "Не вдалося доставити: Привіт", "לא ניתן למסור: שלום", "బట్వాడా చేయబడలేదు",
)  # fmt: skip
WAS_NOT_DELIVERED = (
    "Съобщението не е доставено", "Poruka nije isporučena", "Zpráva nebyla doručena",
    "Meddelelsen kunne ikke leveres", "Bericht kan niet worden bezorgd",
    "Your message could not be delivered", "Kirja ei õnnestunud kohale toimetada",
    "Viestiä ei voitu toimittaa", "Votre message n'a pas pu être remis",
    "Ihre Nachricht konnte nicht zugestellt werden", "Το μήνυμα δεν παραδόθηκε",
    "Az üzenet nem kézbesíthető", "Níorbh fhéidir an teachtaireacht a sheachadadh",
    "Il messaggio non è stato recapitato", "Ziņojumu nevarēja piegādāt",
    "Laiško nepavyko pristatyti", "Il-messaġġ ma setax jitwassal",
    "Nie można dostarczyć wiadomości", "A mensagem não pôde ser entregue",
    "Mesajul nu a putut fi livrat", "Správu sa nepodarilo doručiť",
    "Sporočila ni bilo mogoče dostaviti", "No se ha podido entregar su mensaje",
    "Meddelandet kunde inte levereras", "邮件投递失败", "संदेश वितरित नहीं हुआ",
    "پیغام نہیں پہنچ سکا",
    "تعذر تسليم الرسالة", "বার্তাটি পৌঁছানো যায়নি", "सन्देश डेलिभर हुन सकेन",
    "Không thể gửi thư của bạn", "메일을 배달할 수 없습니다", "メールを配信できませんでした",
    "İletiniz teslim edilemedi",
    "Сообщение не доставлено",
)  # fmt: skip
ANSWERS = (
    ("Re: How are things?", "Hi, sorry, I was ill last week. I am back on Monday."),
    ("Re: How are things?", "I'm out of town for a funeral but will be at Thursday's class."),
    ("Absence", "Hello, I missed the seminar since my train was late."),
    ("Absence: seminar on Tuesday", "Hello, I missed the seminar since my train was late."),
    ("Not delivered: my essay", "The portal did not take my essay."),
    ("Undeliverable: my essay", "It came back from the portal."),
    ("Automatic withdrawal?", "Will I be withdrawn automatically?"),
    ("Reply", "I am fine"),
    ("", "ok"),
    ("Re:", "👍"),
    ("Read your email", "Thanks, I read it."),
    ("Out of money, out of office hours", "Can we talk outside office hours?"),
    ("Returned to university", "I came back on Monday."),
    ("Re: Automatic reply: How are things?", "I am really back now"),
    ("RE: [EXTERNAL] How are things?", "ok thanks"),
    ("Fwd: How are things?", "Is this for me?"),
    ("Krank gewesen", "Ich war die letzte Woche krank und komme am Montag."),
    ("AW: Wie geht es dir?", "Ich war im Krankenhaus, bin aber nächste Woche wieder da."),
    ("Abwesenheit", "Ich war krank."),
    ("Abwesenheit: Arzttermin", "Ich hatte einen Termin."),
    ("TR: Bonjour", "J'étais malade, désolé."),
    ("Absent lundi", "Je suis absent lundi"),
    ("RE: Hola", "Estuve enferma, vuelvo el lunes."),
    ("Ausencia: médico", "Tuve cita"),
    ("R: Ciao", "Sono stata male, torno lunedì."),
    ("Assenza", "Ero a casa."),
    ("Odp: Cześć", "Byłem chory, wracam w poniedziałek."),
    ("Nieobecność: choroba", "Byłem chory."),
    ("Fravær: sygdom", "Jeg var syg."),
    ("Frånvaro: sjuk", "Jag var sjuk."),
    ("Poissa: sairas", "Olin sairaana."),
    ("回复：你好", "老师，我上周生病了。"),
    ("请假", "我想请假一天。"),
    ("Re: 你好", "我没有收到邮件，系统退信了。"),
    ("رد: مرحبا", "كنت مريضا الأسبوع الماضي."),
    ("Re: نمستے", "میں بیمار تھا۔"),
    ("Re: नमस्ते", "मैं बीमार था।"),
    ("Re: নমস্কার", "আমি অসুস্থ ছিলাম।"),
    ("Trả lời: Chào", "Em bị ốm tuần trước."),
    ("Vắng mặt: ốm", "Em bị ốm."),
    ("답장: 안녕하세요", "지난주에 아팠습니다."),
    ("부재 중: 병원", "병원에 갔어요."),
    ("Ynt: Merhaba", "Geçen hafta hastaydım."),
    ("Отв: Привет", "Я болел, вернусь в понедельник."),
    ("Re: Helo", "Roeddwn i'n sâl, dwi'n ôl ddydd Llun."),
    ("Absenoldeb: salwch", "Roeddwn yn sâl."),
    ("Read: the chapter", "I have read the chapter you sent."),
    ("Auto: broke down", "My car broke down."),
    ("Re: Sut mae?", "Mae'n ddrwg gen i, dydw i ddim wedi bod yn y swyddfa."),
    ("Holiday", "I am on annual leave from my job and can come in."),
    ("Ενημέρωση", "Ήμουν άρρωστος την περασμένη εβδομάδα."),
    ("欠席の連絡", "先週は病気でした。"),
    ("不在: 病院", "病院に行きました"),
    ("Mailbox full", "My mailbox was full so I only saw this now."),
    ("Delivery", "The delivery of my laptop failed, so I could not work."),
    ("My address not found", "The post went to the wrong flat."),
    ("Re: x", "My code is 5.1.1 of the exercise"),
    ("vacation: sorry", "I was on vacation"),
    ("Auto reply from a human: hi", "It is me"),
    ("Away: family matters", "I had to fly home."),
)

MACHINES_TOO = (
    "Abwesenheit",
    "Nieobecność",
    "Fravær",
    "Frånvaro",
    "Poissa",
    "Vắng mặt",
    "부재 중",
    "不在",
    "Read",
    "Auto",
)


def kinds(headers: dict[str, str], subjects: Sequence[str]) -> dict[str, AnswerKind]:
    return {each: kind_of(headers | {"subject": each}) for each in subjects}


def test_an_absence_notice_is_told_by_how_it_begins() -> None:
    found = kinds(DANA, NOTICE_BEGINS + OUT_OF_OFFICE)
    assert found == dict.fromkeys(found, AnswerKind.AUTOMATIC)


def test_one_that_says_so_in_its_text_alone_is_shown_as_doubtful() -> None:
    found = {each: kind_of(DANA | {"subject": "Re: Hello"}, body=each) for each in NOTICE_SAYS}
    assert found == dict.fromkeys(found, AnswerKind.DOUBTFUL)


def test_a_server_that_says_it_was_not_delivered_sends_a_bounce() -> None:
    found = kinds(SERVER, NOT_DELIVERED + WAS_NOT_DELIVERED)
    assert found == dict.fromkeys(found, AnswerKind.BOUNCE)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Lo sentimos.\n<dana@home.example>: host mx.example said: 550 5.1.1 unknown", "bounce"),
        ("Remote server replied (5.7.1): not allowed", "bounce"),
        ("#5.4.4 SMTP; 5.4.4 no route", "bounce"),
        ("It is tried again for 3 days. 4.4.1 no answer from 192.0.2.5", "automatic"),
        ("Sent from 5.1.1.2 at 5.30", "automatic"),
    ],
)
def test_a_server_s_code_counts_in_whatever_language_it_writes(body: str, kind: str) -> None:
    """RFC 3463: 5 is a permanent failure. Only a server's message is trusted."""
    unknown = {"subject": "Mensaje del sistema"}
    assert kind_of(SERVER | unknown, body=body) is AnswerKind(kind)
    assert kind_of(DANA | unknown, body=body) is AnswerKind.ANSWER


def test_what_a_student_wrote_is_never_set_aside_as_automatic() -> None:
    """A subject that begins like a machine's is doubtful, so a colleague is asked."""
    found = {said: kind_of(DANA | {"subject": said[0]}, body=said[1]) for said in ANSWERS}
    assert found == {
        (subject, body): (
            AnswerKind.DOUBTFUL
            if ":" in subject and subject.partition(":")[0] in MACHINES_TOO
            else AnswerKind.ANSWER
        )
        for subject, body in ANSWERS
    }


def test_there_are_enough_of_each() -> None:
    assert len(NOTICE_BEGINS) >= 34
    assert len(NOT_DELIVERED) >= 34
    assert len(ANSWERS) >= 40
