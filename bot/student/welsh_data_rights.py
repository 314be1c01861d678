"""A copy of one's data and complaints in Welsh: each English text and the same in Welsh."""

from __future__ import annotations

from collections.abc import Mapping

DATA_RIGHTS: Mapping[str, str] = {
    "A copy of your data, or a complaint": "Copi o'ch data, neu gŵyn",
    "The data protection officer reads what you send here. The engagement lead of your school does "
    "not.": (
        "Y swyddog diogelu data sy'n darllen yr hyn a anfonwch yma. Nid yw arweinydd ymgysylltu "
        "eich ysgol yn ei ddarllen."
    ),
    "What you have sent": "Yr hyn a anfonwyd gennych",
    "Copy of your data": "Copi o'ch data",
    "asked for on {day}": "gofynnwyd amdano ar {day}",
    "The data protection officer gave it to you on {day}. If you did not get it, complain below.": (
        "Rhoddodd y swyddog diogelu data ef i chi ar {day}. Os na chawsoch ef, cwynwch isod."
    ),
    "Answered on {day}:": "Atebwyd ar {day}:",
    "The time has stopped, since we asked you something. It goes on when you answer.": (
        "Mae'r amser wedi stopio, gan ein bod wedi gofyn rhywbeth i chi. Bydd yn parhau pan "
        "fyddwch yn ateb."
    ),
    "You will get it by {day} at the latest.": "Byddwch yn ei gael erbyn {day} fan bellaf.",
    "You should have had it by {day}. We are sorry that it is late. You can complain about it "
    "below.": (
        "Dylech fod wedi ei gael erbyn {day}. Mae'n ddrwg gennym ei fod yn hwyr. Gallwch gwyno "
        "amdano isod."
    ),
    "You should have had our answer by {day}. We are sorry that it is late.": (
        "Dylech fod wedi cael ein hateb erbyn {day}. Mae'n ddrwg gennym ei fod yn hwyr."
    ),
    "We should have told you by {day} that we are looking into it. We are sorry that it is late.": (
        "Dylem fod wedi dweud wrthych erbyn {day} ein bod yn edrych arni. Mae'n ddrwg gennym ein "
        "bod yn hwyr."
    ),
    "We need more time than a month. This is the reason:": (
        "Mae angen mwy na mis arnom. Dyma'r rheswm:"
    ),
    "Complaint about your data": "Cwyn am eich data",
    "sent on {day}": "anfonwyd ar {day}",
    "On {day} we told you that we look into it. You get our answer by {by}, or we tell you why "
    "not.": (
        "Ar {day} dywedom wrthych ein bod yn edrych arni. Byddwch yn cael ein hateb erbyn {by}, "
        "neu byddwn yn esbonio pam nad yw'n barod."
    ),
    "By {day} at the latest we will tell you that we are looking into it.": (
        "Erbyn {day} fan bellaf byddwn yn dweud wrthych ein bod yn edrych arni."
    ),
    "We asked on {day}:": "Gofynnom ar {day}:",
    "Your answer": "Eich ateb",
    "Send my answer": "Anfon fy ateb",
    "Ask for a copy of your data": "Gofyn am gopi o'ch data",
    "You get a copy of everything that we hold about you here, and of what staff wrote. Full "
    "names, numbers and addresses of other people are taken out. It is free.": (
        "Byddwch yn cael copi o bopeth a gadwn amdanoch yma, ac o'r hyn a ysgrifennodd staff. "
        "Caiff enwau llawn, rhifau a chyfeiriadau pobl eraill eu tynnu allan. Mae am ddim."
    ),
    "It takes a month at most. If we have to ask who you are or what you mean, the time stops "
    "until you answer. If there is very much, it can take two months more, and we tell you why.": (
        "Mae'n cymryd mis ar y mwyaf. Os bydd rhaid i ni ofyn pwy ydych chi neu beth rydych yn ei "
        "olygu, mae'r amser yn stopio nes i chi ateb. Os oes llawer iawn, gall gymryd dau fis "
        "arall, a byddwn yn dweud wrthych pam."
    ),
    "Only a part of it? Say which (optional)": "Rhan ohono yn unig? Dywedwch pa ran (dewisol)",
    "Ask for a copy": "Gofyn am gopi",
    "Complain about how your data is handled": "Cwyno am sut yr ymdrinnir â'ch data",
    "Within 30 days we will tell you that we are looking into it. "
    "You will get an answer as soon as we have one.": (
        "O fewn 30 diwrnod byddwn yn dweud wrthych ein bod yn edrych arni. Byddwch yn cael ateb "
        "cyn gynted ag y bydd gennym un."
    ),
    "What went wrong?": "Beth aeth o'i le?",
    "Send this complaint": "Anfon y gŵyn hon",
    "You can also complain to the Information Commission, formerly the Information Commissioner’s "
    "Office:": (
        "Gallwch hefyd gwyno wrth y Comisiwn Gwybodaeth, Swyddfa'r Comisiynydd Gwybodaeth gynt:"
    ),
    "phone": "ffôn",
    "Thank you. Your request has arrived. Below you can see when you will get it.": (
        "Diolch. Mae eich cais wedi cyrraedd. Gwelwch isod erbyn pryd y byddwch yn ei gael."
    ),
    "Thank you. Your complaint has arrived. Below you can see what happens to it.": (
        "Diolch. Mae eich cwyn wedi cyrraedd. Gwelwch isod beth sy'n digwydd."
    ),
    "Thank you. Your answer has arrived.": "Diolch. Mae eich ateb wedi cyrraedd.",
    "You have asked for a copy already. Below you can see when you will get it.": (
        "Rydych wedi gofyn am gopi eisoes. Gwelwch isod erbyn pryd y byddwch yn ei gael."
    ),
    "3 complaints of yours are open. This one was not sent. Wait for an answer, or write to the "
    "data protection officer.": (
        "Mae 3 o'ch cwynion ar agor. Ni anfonwyd hon. Arhoswch am ateb, neu ysgrifennwch at y "
        "swyddog diogelu data."
    ),
    "This question was answered already, or your request is closed. Nothing was changed.": (
        "Atebwyd y cwestiwn hwn eisoes, neu mae eich cais wedi'i gau. Ni newidiwyd dim."
    ),
    "Please say in a few words what went wrong.": "Dywedwch mewn ychydig eiriau beth aeth o'i le.",
    "Please answer in a few words.": "Atebwch mewn ychydig eiriau.",
}
"""Each English text and the same in Welsh."""
