"""The texts of the student's page, in English and in Welsh."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from bot.student.welsh_absence import ABSENCE
from bot.student.welsh_accessibility import ACCESSIBILITY
from bot.student.welsh_data_rights import DATA_RIGHTS
from bot.student.welsh_looks import LOOKS
from bot.student.welsh_record import RECORD
from bot.student.welsh_signed_in import SIGNED_IN
from store.letters.phrases import SAYINGS
from store.rules.letters.letter import Language
from store.rules.model import Role
from store.rules.students.messages import LONGEST

_FORMS = {
    "I am fine": "Rwy'n iawn",
    "Your school will know that you are well. You do not need to say why.": (
        "Bydd eich ysgol yn gwybod eich bod yn iawn. Nid oes rhaid i chi ddweud pam."
    ),
    "Send: I am fine": "Anfon: Rwy'n iawn",
    "Anything you would like to add (optional)": "Unrhyw beth yr hoffech ei ychwanegu (dewisol)",
    "This is wrong": "Nid yw hyn yn gywir",
    "Our systems can be wrong. A register may have missed you, or you may have left a module. "
    "Say what is not right. A member of staff will look at it and answer you.": (
        "Gall ein systemau fod yn anghywir. Efallai fod cofrestr wedi eich methu, neu eich bod "
        "wedi gadael modiwl. Dywedwch beth sydd ddim yn gywir. Bydd aelod o staff yn edrych arno "
        "ac yn eich ateb."
    ),
    "Report a mistake": "Rhoi gwybod am gamgymeriad",
    "What is wrong?": "Beth sydd ddim yn gywir?",
    "Please contact me another way": "Cysylltwch â mi mewn ffordd arall",
    "Choose how you would like to hear from us.": "Dewiswch sut yr hoffech glywed gennym.",
    "Save how to contact me": "Cadw sut i gysylltu â mi",
    "A number or a good time (optional)": "Rhif ffôn neu amser da (dewisol)",
    "I would like to talk": "Hoffwn siarad",
    "A member of staff will get in touch to find a time that suits you.": (
        "Bydd aelod o staff yn cysylltu â chi i ddod o hyd i amser sy'n gyfleus i chi."
    ),
    "Ask to talk": "Gofyn am sgwrs",
    "What about, or when (optional)": "Am beth, neu pryd (dewisol)",
    "Emails about engagement": "E-byst am ymgysylltu",
    "You can ask us not to write to you about your engagement. If we are worried about your "
    "wellbeing, we may still write.": (
        "Gallwch ofyn i ni beidio ag ysgrifennu atoch am eich ymgysylltu. Os ydym yn poeni am "
        "eich lles, gallwn ysgrifennu o hyd."
    ),
    "Stop emails about engagement": "Stopio e-byst am ymgysylltu",
    "You asked us not to write to you about your engagement. You can change your mind here.": (
        "Rydych wedi gofyn i ni beidio ag ysgrifennu atoch am eich ymgysylltu. Gallwch newid eich "
        "meddwl yma."
    ),
    "Start emails again": "Ailddechrau e-byst",
    "Stop emails": "Stopio e-byst",
    "You can ask us to stop emails like this one. You do not need to give your student number.": (
        "Gallwch ofyn i ni stopio e-byst fel hwn. Nid oes angen rhoi eich rhif myfyriwr."
    ),
    "How?": "Sut?",
    "University email": "E-bost y brifysgol",
    "Personal email": "E-bost personol",
    "Phone": "Ffôn",
    "Chat": "Sgwrs ar-lein",
    "Your student number": "Eich rhif myfyriwr",
    "It is on your student card.": "Mae ar eich cerdyn myfyriwr.",
    "It is on your student card. We ask so that no one else can answer for you.": (
        "Mae ar eich cerdyn myfyriwr. Rydym yn gofyn fel na all neb arall ateb drosoch."
    ),
    "Go on": "Ymlaen",
}
_AFTER_SENDING = {
    "Thank you. Your school has your answer, and a member of staff will read it.": (
        "Diolch. Mae eich ateb gan eich ysgol, a bydd aelod o staff yn ei ddarllen."
    ),
    "Thank you. A member of staff will look at it and answer you.": (
        "Diolch. Bydd aelod o staff yn edrych arno ac yn eich ateb."
    ),
    "Thank you. Your school now knows how to contact you.": (
        "Diolch. Mae eich ysgol yn gwybod nawr sut i gysylltu â chi."
    ),
    "Thank you. A member of staff will get in touch with you.": (
        "Diolch. Bydd aelod o staff yn cysylltu â chi."
    ),
    "Done. We will not write to you about your engagement any more.": (
        "Wedi'i wneud. Ni fyddwn yn ysgrifennu atoch am eich ymgysylltu mwyach."
    ),
    "Done. We may write to you about your engagement again.": (
        "Wedi'i wneud. Gallwn ysgrifennu atoch am eich ymgysylltu eto."
    ),
    "Done. We will not send you emails like this one any more.": (
        "Wedi'i wneud. Ni fyddwn yn anfon e-byst fel hwn atoch mwyach."
    ),
    "You can close this page now. If there is more to say, reply to the email.": (
        "Gallwch gau'r dudalen hon nawr. Os oes mwy i'w ddweud, atebwch yr e-bost."
    ),
}
_PAGE = {
    "Your page": "Eich tudalen",
    "Please confirm that it is you": "Cadarnhewch mai chi sydd yno",
    "Others may read this mailbox too, so we ask before we show anything.": (
        "Gall eraill ddarllen y blwch post hwn hefyd, felly rydym yn gofyn cyn dangos dim."
    ),
    "Here you can answer us, see what we hold about you, and choose what we write to you. Your "
    "answers go to the people who look after you at your school.": (
        "Yma gallwch ein hateb, gweld beth sydd gennym amdanoch, a dewis beth yr ydym yn ei "
        "ysgrifennu atoch. Mae eich atebion yn mynd at y bobl sy'n gofalu amdanoch yn eich ysgol."
    ),
    "You can see it at any time.": "Gallwch ei weld ar unrhyw adeg.",
    "Show what you hold about me": "Dangos beth sydd gennych amdanaf",
    "What we hold about you": "Beth sydd gennym amdanoch",
    "School": "Ysgol",
    "Programme": "Rhaglen",
    "Modules": "Modiwlau",
    "none": "dim",
    "Has someone at your school been asked to see how you are?": (
        "A ofynnwyd i rywun yn eich ysgol weld sut ydych chi?"
    ),
    "Yes, since {day}": "Do, ers {day}",
    "No": "Naddo",
    "Your answers by email": "Eich atebion drwy e-bost",
    "How you want to be contacted": "Sut yr hoffech i ni gysylltu â chi",
    "You have not said": "Nid ydych wedi dweud",
    "What was noticed": "Beth a welwyd",
    "Our records are in English. If you would like this in Welsh, ask us.": (
        "Saesneg yw iaith ein cofnodion. Os hoffech gael hyn yn Gymraeg, gofynnwch i ni."
    ),
    "Nothing at present.": "Dim ar hyn o bryd.",
    "Emails from us": "E-byst gennym ni",
    "None.": "Dim.",
    "What you said here": "Beth ddywedoch chi yma",
    "Something is wrong here": "Mae rhywbeth yn anghywir yma",
    "Stop emails about engagement, please": "Stopiwch e-byst am ymgysylltu, os gwelwch yn dda",
    "You may write to me about engagement again": "Cewch ysgrifennu ataf am ymgysylltu eto",
    "{name} read this on {day}.": "Darllenodd {name} hwn ar {day}.",
    "Your school answered on {day}:": "Ateb eich ysgol, {day}:",
    "How to read this": "Sut i ddarllen hyn",
    "Lantern looks at a few traces of studying, such as registers and work handed in. When there "
    "are fewer of them, it tells a member of staff, in the sentences above. It gives no marks and "
    "makes no decisions: people do, after they have discussed it. The traces never show the whole "
    "picture, and they can be wrong.": (
        "Mae Lantern yn edrych ar ychydig o olion astudio, fel cofrestrau a gwaith a gyflwynwyd. "
        "Pan fydd llai ohonynt, mae'n dweud wrth aelod o staff, yn y brawddegau uchod. Nid yw'n "
        "rhoi marciau nac yn penderfynu dim: pobl sy'n gwneud hynny, ar ôl trafod. Nid yw'r olion "
        "byth yn ddarlun cyfan, a gallant fod yn anghywir."
    ),
    "If something is wrong, or you are unhappy": "Os oes rhywbeth yn anghywir, neu os ydych yn "
    "anhapus",
    "Use “This is wrong” below, and we will look at it and answer you. To complain, tell your "
    "school’s engagement lead or use the university’s Student Complaints Procedure. You have a "
    "right to a copy of everything, including what staff wrote about you: ask on your page, or at "
    "your school.": (
        "Defnyddiwch “Nid yw hyn yn gywir” isod, a byddwn yn edrych arno ac yn eich ateb. I "
        "gwyno, dywedwch wrth arweinydd ymgysylltu eich ysgol neu defnyddiwch drefn gwyno'r "
        "brifysgol ar gyfer myfyrwyr. Mae gennych hawl i gopi o bopeth, gan gynnwys yr hyn a "
        "ysgrifennodd staff amdanoch: gofynnwch ar eich tudalen, neu yn eich ysgol."
    ),
    "Your adviser is {name}.": "Eich cynghorydd yw {name}.",
    "Your school reads": "Mae eich ysgol yn darllen",
    "You can ask at the office of {name}.": "Gallwch ofyn yn swyddfa {name}.",
}
_TROUBLE = {
    "The form has timed out and nothing was saved. Enter your student number again.": (
        "Mae'r ffurflen wedi dod i ben ac ni chadwyd dim. Rhowch eich rhif myfyriwr eto."
    ),
    "That is not the number we have. Check it and try again.": (
        "Nid dyna'r rhif sydd gennym. Gwiriwch ef a rhowch gynnig arall arni."
    ),
    "There were too many wrong numbers. Reply to the email, or ask your school.": (
        "Rhoddwyd gormod o rifau anghywir. Atebwch yr e-bost, neu gofynnwch i'ch ysgol."
    ),
    "This link was used before, so nothing was saved. Use Your page in the same email, or reply "
    "to the email.": (
        "Defnyddiwyd y ddolen hon o'r blaen, felly ni chadwyd dim. Defnyddiwch eich tudalen yn yr "
        "un e-bost, neu atebwch yr e-bost."
    ),
    "Please say in a few words what is wrong.": (
        "Dywedwch mewn ychydig eiriau beth sydd ddim yn gywir."
    ),
    "Please choose how you want to be contacted.": "Dewiswch sut yr hoffech i ni gysylltu â chi.",
    f"Keep it below {LONGEST} characters.": f"Cadwch ef yn llai na {LONGEST} nod.",
    "You get no more emails about engagement. This is saved already.": (
        "Ni chewch ragor o e-byst am ymgysylltu. Mae hyn wedi'i gadw eisoes."
    ),
    "This link does not work": "Nid yw'r ddolen hon yn gweithio",
    "That did not work": "Ni weithiodd hynny",
    "That is too long": "Mae hynny'n rhy hir",
    "This page is unavailable": "Nid yw'r dudalen hon ar gael",
    "Something went wrong here": "Aeth rhywbeth o'i le yma",
    "Links in our emails work for one month. Check that you copied the whole link. You can also "
    "reply to the email, or ask your school office.": (
        "Mae dolenni yn ein he-byst yn gweithio am fis. Gwnewch yn siŵr eich bod wedi copïo'r "
        "ddolen gyfan. Gallwch hefyd ateb yr e-bost, neu ofyn yn swyddfa eich ysgol."
    ),
    f"Go back and keep it below {LONGEST} characters, or reply to the email.": (
        f"Ewch yn ôl a'i gadw yn llai na {LONGEST} nod, neu atebwch yr e-bost."
    ),
    "Open the link in the email again and retry, or reply to the email.": (
        "Agorwch y ddolen yn yr e-bost eto a rhowch gynnig arall arni, neu atebwch yr e-bost."
    ),
    "This was our fault and nothing was saved. Try again in a few minutes, or reply to the "
    "email.": (
        "Ein bai ni oedd hyn, ac ni chadwyd dim. Rhowch gynnig arall arni ymhen ychydig funudau, "
        "neu atebwch yr e-bost."
    ),
    "This was our fault and nothing was saved. Try again, or reply to the email.": (
        "Ein bai ni oedd hyn, ac ni chadwyd dim. Rhowch gynnig arall arni, neu atebwch yr e-bost."
    ),
    "If you contact us, give us this reference: {reference}.": (
        "Os cysylltwch â ni, rhowch y cyfeirnod hwn: {reference}."
    ),
    "This service is closed. Contact your school office.": (
        "Mae'r gwasanaeth hwn ar gau. Cysylltwch â swyddfa eich ysgol."
    ),
}

WELSH: Mapping[str, str] = {
    **_FORMS,
    **_AFTER_SENDING,
    **_PAGE,
    **_TROUBLE,
    **SIGNED_IN,
    **RECORD,
    **ABSENCE,
    **ACCESSIBILITY,
    **DATA_RIGHTS,
    **LOOKS,
}
"""Each English text and the same in Welsh."""


_BEFORE_A_DAY = re.compile(r"\b([Aa]r|at|o|i) dydd\b")
"""Words that soften the letter after them."""


def said_in(language: Language, text: str, **values: object) -> str:
    """Return a text of the page in this language, with its placeholders filled in.

    A text without a translation, such as a sentence with a time in it, is returned unchanged.
    """
    found = WELSH.get(text, text) if language is Language.WELSH else text
    said = found.format(**values) if values else found
    return _BEFORE_A_DAY.sub(r"\1 ddydd", said) if language is Language.WELSH else said


def colleague_in(language: Language, who: str) -> str:
    """Return how a student sees a colleague, such as ``a colleague (adviser)``, in this language.

    A name, and what is not known in Welsh, is returned unchanged.
    """
    return _COLLEAGUES.get(who.casefold(), who) if language is Language.WELSH else who


_COLLEAGUES = {
    "a colleague": "aelod o staff",
    "a former colleague": "cyn-aelod o staff",
    **{
        f"a colleague ({role.label})": f"aelod o staff ({SAYINGS[Language.WELSH].roles[role]})"
        for role in Role
    },
}


def short_day_in(language: Language, day: dt.date) -> str:
    """Return ``6 October``, in Welsh ``6 Hydref``."""
    return " ".join(day_in(language, day).split()[-2:])


def day_in(language: Language, day: dt.date) -> str:
    """Return ``Monday 6 October``, in Welsh ``dydd Llun 6 Hydref``."""
    said = SAYINGS[language].day(day)
    # In letters it stands after a word that softens it: "ddydd".
    return said[1:] if language is Language.WELSH else said
