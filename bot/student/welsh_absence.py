"""Absences and circumstances in Welsh: each English text and the same in Welsh."""

from __future__ import annotations

from collections.abc import Mapping

ABSENCE: Mapping[str, str] = {
    "Please agree to an absence": "Cytunwch i absenoldeb, os gwelwch yn dda",
    "Ask for an absence": "Gofyn am absenoldeb",
    "If you cannot take part for some days, ask your school to agree to it. A colleague reads why, "
    "and decides. Days that are agreed count as excused. Other colleagues do not see why.": (
        "Os na allwch gymryd rhan am rai dyddiau, gofynnwch i'ch ysgol gytuno i hynny. Mae aelod o "
        "staff yn darllen pam, ac yn penderfynu. Mae dyddiau y cytunir arnynt yn cyfrif fel rhai "
        "a esgusodwyd. Nid yw staff eraill yn gweld pam."
    ),
    "What you asked for": "Yr hyn y gofynnoch amdano",
    "Your school has not decided yet.": "Nid yw eich ysgol wedi penderfynu eto.",
    "You took this request back.": "Tynasoch y cais hwn yn ôl.",
    "Take this request back": "Tynnu'r cais hwn yn ôl",
    "Done. Your request is taken back, and its document is deleted.": (
        "Wedi'i wneud. Mae eich cais wedi'i dynnu'n ôl, ac mae ei ddogfen wedi'i dileu."
    ),
    "Your school has decided on this already. Tell your school if you need it changed.": (
        "Mae eich ysgol wedi penderfynu ar hyn eisoes. Dywedwch wrth eich ysgol os oes angen ei "
        "newid."
    ),
    "Agreed.": "Cytunwyd.",
    "Not agreed.": "Ni chytunwyd.",
    "You wrote:": "Ysgrifennoch:",
    "You have asked for these days already, and your school has not decided yet. This was not sent "
    "again.": (
        "Rydych wedi gofyn am y dyddiau hyn eisoes, ac nid yw eich ysgol wedi penderfynu eto. Ni "
        "anfonwyd hyn eto."
    ),
    "Your document is kept until the decision, and then deleted.": (
        "Cedwir eich dogfen tan y penderfyniad, ac yna caiff ei dileu."
    ),
    "If you had chosen a document, choose it again.": (
        "Os oeddech wedi dewis dogfen, dewiswch hi eto."
    ),
    "What you should know about me": "Yr hyn y dylech ei wybod amdanaf",
    "Records never show the whole picture. Say what your school should know, such as work, caring "
    "for someone or your health. Those who look after you read it.": (
        "Nid yw cofnodion byth yn dangos y darlun cyfan. Dywedwch beth ddylai eich ysgol ei wybod, "
        "megis gwaith, gofalu am rywun neu eich iechyd. Y rhai sy'n gofalu amdanoch sy'n ei "
        "ddarllen."
    ),
    "not expected in these days": "nid yw'n ddisgwyliedig yn y dyddiau hyn",
    "Tell my school": "Dweud wrth fy ysgol",
    "What should we know?": "Beth ddylem ei wybod?",
    "Thank you. The people who look after you will read it.": (
        "Diolch. Y rhai sy'n gofalu amdanoch sy'n ei ddarllen."
    ),
    "Please say in a few words what we should know.": (
        "Dywedwch mewn ychydig eiriau beth ddylem ei wybod."
    ),
    "Go to what needs correcting": "Mynd i'r hyn sydd angen ei gywiro",
    "First day": "Diwrnod cyntaf",
    "Last day": "Diwrnod olaf",
    "Why?": "Pam?",
    "A document (optional)": "Dogfen (dewisol)",
    "A PDF or a photograph of at most 10 MB. Only the colleague who decides opens it. It is "
    "deleted after the decision.": (
        "PDF neu ffotograff o 10 MB ar y mwyaf. Dim ond yr aelod o staff sy'n penderfynu sy'n ei "
        "hagor. Caiff ei dileu ar ôl y penderfyniad."
    ),
    "Ask for this absence": "Gofyn am yr absenoldeb hwn",
    "Thank you. A member of staff will read your request, and you will see the decision here.": (
        "Diolch. Mae aelod o staff yn darllen eich cais ac yn penderfynu. Byddwch yn ei weld yma."
    ),
    "Enter the first day.": "Rhowch y diwrnod cyntaf.",
    "Enter the last day.": "Rhowch y diwrnod olaf.",
    "The last day comes before the first. Choose a later last day.": (
        "Daw'r diwrnod olaf cyn y cyntaf. Dewiswch ddiwrnod olaf hwyrach."
    ),
    "An absence lasts a year at most. Choose an earlier last day.": (
        "Mae absenoldeb yn para blwyddyn ar y mwyaf. Dewiswch ddiwrnod olaf cynharach."
    ),
    "That is more than 3 months ago. Ask your school office about it.": (
        "Mae hynny dros 3 mis yn ôl. Gofynnwch i swyddfa eich ysgol amdano."
    ),
    "Please say in a few words why.": "Dywedwch pam mewn ychydig eiriau.",
    "You have asked for 3 absences that your school has not decided on yet. This one was not sent. "
    "Write to your school.": (
        "Rydych wedi gofyn am 3 absenoldeb nad yw eich ysgol wedi penderfynu arnynt eto. Nid "
        "anfonwyd yr un hwn. Ysgrifennwch at eich ysgol."
    ),
    "The document is larger than 10 MB. Choose a smaller one, or send a photograph of it.": (
        "Mae'r ddogfen yn fwy na 10 MB. Dewiswch un lai, neu anfonwch ffotograff ohoni."
    ),
    "The document is empty. Choose another one.": "Mae'r ddogfen yn wag. Dewiswch un arall.",
    "The document is neither a PDF nor an image (JPEG, PNG or WebP). Choose another one.": (
        "Nid PDF na delwedd (JPEG, PNG neu WebP) yw'r ddogfen. Dewiswch un arall."
    ),
    "The image cannot be read. Take the photograph again, or choose another one.": (
        "Ni ellir darllen y ddelwedd. Tynnwch y ffotograff eto, neu dewiswch un arall."
    ),
    "The image has too many pixels. Choose a smaller one, or take a photograph of it.": (
        "Mae gan y ddelwedd ormod o bicseli. Dewiswch un lai, neu tynnwch ffotograff ohoni."
    ),
    "The PDF is protected with a password. Choose one without, or send a photograph of it.": (
        "Mae'r PDF wedi'i ddiogelu â chyfrinair. Dewiswch un heb gyfrinair, neu anfonwch "
        "ffotograff ohono."
    ),
    "The PDF holds programs or other files. Print it as a new PDF, or photograph it.": (
        "Mae'r PDF yn cynnwys rhaglenni neu ffeiliau eraill. Argraffwch ef fel PDF newydd, neu "
        "anfonwch ffotograff ohono."
    ),
    "The PDF is not complete, or holds something else too. Choose another one.": (
        "Nid yw'r PDF yn gyflawn, neu mae'n cynnwys rhywbeth arall hefyd. Dewiswch un arall."
    ),
}
"""Each English text and the same in Welsh."""
