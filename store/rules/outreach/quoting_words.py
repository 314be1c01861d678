"""What mail programs and gateways add to a reply that neither the student nor Lantern wrote.

Plain phrases, so that a list can be read and corrected by anyone who knows the language.
"""

from __future__ import annotations

WROTE = (
    "wrote:", "writes:", "ysgrifennodd:", "schrieb:", "a écrit:", "a écrit :", "escribió:",
    "ha scritto:", "escreveu:", "schreef:", "napisał:", "napisała:", "napisał(a):", "skrev:",
    "kirjoitti:", "napsal:", "napsala:", "napísal:", "napísala:", "írta:", "a scris:", "έγραψε:",
    "написа:", "написал:", "написала:", "написал(а):", "пише:", "je napisao:", "je napisala:",
    "je napisal:", "kirjutas:", "rakstīja:", "rašė:", "kiteb:", "scríobh:", "写道:", "寫道:",
    "のメール:", "さんは書きました:", "작성:", "ने लिखा:", "ले लेख्नुभयो:", "লিখেছেন:", "نے لکھا:",
    "كتب:", "yazdı:", "şunu yazdı:", "đã viết:",
)  # fmt: skip
"""How the line ends that a mail program writes above what it quotes, after a person's name."""
DEVICES = (
    "sent from",
    "get bluemail",
    "yahoo mail: search, organize, conquer",
    "diese nachricht wurde von meinem",
    "отправлено из",
    "get outlook for",
    "sent via",
    "sent with",
    "anfonwyd o",
    "von meinem",
    "gesendet von",
    "gesendet mit",
    "holen sie sich outlook",
    "outlook für",
    "outlook for",
    "envoyé de",
    "envoyé depuis",
    "obtenez outlook",
    "télécharger outlook",
    "enviado desde",
    "enviado do",
    "enviado a partir",
    "obtener outlook",
    "inviato da",
    "verzonden vanaf",
    "verstuurd vanaf",
    "wysłane z",
    "skickat från",
    "sendt fra",
    "lähetetty",
    "odesláno z",
    "odoslané z",
    "trimis de pe",
    "elküldve",
    "изпратено от",
    "отправлено с",
    "στάλθηκε από",
    "发自我的",
    "從我的",
    "從 我的",
    "나의 iphone에서",
    "내 iphone에서",
    "gửi từ",
    "iphoneから送信",
    "تم الإرسال",
    "أرسلت من",
    "مرسل من",
)
"""Signatures that phones add, in lower case."""

BANNERS = (
    "cautionthisemail",
    "cautionthismessage",
    "cautionexternal",
    "warningthisemail",
    "warningthismessage",
    "warningexternalemail",
    "externalemailcaution",
    "externalemaildonot",
    "thisemailoriginatedfromoutside",
    "thismessageoriginatedfromoutside",
    "thisemailoriginatesfromoutside",
    "thismessageissentfromoutside",
    "donotclickonlinks",
    "donotclicklinks",
    "donotclickanylinks",
    "youdontoftengetemailfrom",
    "somepeoplewhoreceivedthismessagedontoftengetemail",
    "achtungexterneemail",
    "achtungdieseemailkommtvonextern",
    "attentioncecourriel",
    "attentioncourrielexterne",
)
"""Warnings that gateways put before an email from outside, as lower-case letters only. They may
precede our words or the student's."""
