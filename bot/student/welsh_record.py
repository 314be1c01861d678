"""A student's record in Welsh: each English text and the same in Welsh."""

from __future__ import annotations

from collections.abc import Mapping

_WEEKS = {
    "On this page": "Ar y dudalen hon",
    "Whether you look here or not never counts for or against you.": (
        "Nid yw edrych yma, na pheidio, byth yn cyfrif o'ch plaid nac yn eich erbyn."
    ),
    "Tell us something": "Dweud rhywbeth wrthym",
    "Your school has not answered this yet.": "Nid yw eich ysgol wedi ateb hyn eto.",
    "Your weeks": "Eich wythnosau",
    "Chart: {what}. The table below says the same.": (
        "Siart: {what}. Mae'r tabl isod yn dweud yr un peth."
    ),
    "Week": "Wythnos",
    "Seen": "Gwelwyd",
    "Days with activity": "Diwrnodau â gweithgarwch",
    "Expected": "Disgwyliwyd",
    "Class": "Dosbarth",
    "Class, and the dashed line, is what the student in the middle of the class did. It is shown "
    "only where at least ten students are on the module.": (
        "Dosbarth, a'r llinell doredig, yw'r hyn a wnaeth y myfyriwr yng nghanol y dosbarth. Fe'i "
        "dangosir dim ond lle mae o leiaf ddeg myfyriwr ar y modiwl."
    ),
    "(part)": "(rhan)",
    "not known": "anhysbys",
    "The records of your activity cannot be read just now. Try again in a few minutes.": (
        "Ni ellir darllen cofnodion eich gweithgarwch ar hyn o bryd. Rhowch gynnig arall arni "
        "ymhen ychydig funudau."
    ),
    "There is nothing for this term yet.": "Nid oes dim ar gyfer y tymor hwn eto.",
    "Each record stands by itself, and there is no score. A question mark is a week for which we "
    "have no data: it never counts against you. A frame shows what was expected, and a filled "
    "column what was seen. In a week marked (part), some days are not known. The date beside the "
    "number of a week is its Monday.": (
        "Saif pob cofnod ar ei ben ei hun, ac nid oes sgôr. Mae marc cwestiwn yn wythnos nad oes "
        "gennym ddata ar ei chyfer: nid yw byth yn cyfrif yn eich erbyn. Y ffrâm sy'n dangos yr "
        "hyn a ddisgwyliwyd, a'r golofn lawn yr hyn a welwyd. Mewn wythnos sydd wedi'i nodi â "
        "(rhan), mae rhai dyddiau'n anhysbys. Y dyddiad wrth ochr rhif yr wythnos yw ei dydd Llun."
    ),
    "Show the middle of each class beside it": "Dangos canol pob dosbarth wrth ei ochr",
    "The middle is what the student in the middle of the class did. It is shown only where at "
    "least ten students are on the module, and only when you ask.": (
        "Y canol yw'r hyn a wnaeth y myfyriwr yng nghanol y dosbarth. Fe'i dangosir dim ond lle "
        "mae o leiaf ddeg myfyriwr ar y modiwl, a dim ond pan ofynnwch."
    ),
    "Do not show the class": "Peidio â dangos y dosbarth",
    "What your school hopes to see": "Yr hyn y mae eich ysgol yn gobeithio ei weld",
    "By version {version} of your school’s policy.": "Yn ôl fersiwn {version} o bolisi eich ysgol.",
    "Your school has not said yet.": "Nid yw eich ysgol wedi dweud eto.",
    "Where the records come from, and how new they are": (
        "O ble y daw'r cofnodion, a pha mor newydd ydynt"
    ),
    "known up to {day}": "yn hysbys hyd at {day}",
    "no data for some time": "dim data ers tro",
    "Attendance": "Presenoldeb",
    "Work handed in": "Gwaith a gyflwynwyd",
    "The online learning space": "Y man dysgu ar-lein",
    "Meetings with staff": "Cyfarfodydd â staff",
    "Recordings": "Recordiadau",
    "Co-curricular sessions": "Sesiynau allgyrsiol",
    "All activity": "Pob gweithgaredd",
}
_FLAGS = {
    "Everything that was noticed": "Popeth a welwyd",
    "Since {day}:": "Ers {day}:",
    "Nothing has ever been noticed.": "Nid oes dim wedi'i weld erioed.",
    "Some staff can see this today. It opens no case, and no one writes to you about it unless a "
    "colleague decides to:": (
        "Gall rhai aelodau o staff weld hyn heddiw. Nid yw'n agor achos, ac ni fydd neb yn "
        "ysgrifennu atoch yn ei gylch oni bai bod cydweithiwr yn penderfynu gwneud hynny:"
    ),
    "The rule, in version {version} of the policy:": "Y rheol, yn fersiwn {version} o'r polisi:",
    "This is still so in the records.": "Mae hyn yn dal felly yn y cofnodion.",
    "This is over.": "Mae hyn ar ben.",
    "Later records showed that this was wrong.": (
        "Dangosodd cofnodion diweddarach fod hyn yn anghywir."
    ),
    "This continues in a later entry.": "Mae hyn yn parhau mewn cofnod diweddarach.",
    "This is held back, since the records themselves may be wrong. No one acts on it.": (
        "Mae hyn wedi'i ddal yn ôl, gan y gall y cofnodion eu hunain fod yn anghywir. Nid oes neb "
        "yn gweithredu arno."
    ),
    "Over: you were seen again for some time.": "Ar ben: fe'ch gwelwyd eto am beth amser.",
    "Over: the work came in.": "Ar ben: daeth y gwaith i law.",
    "Over: you were given more time, or it is no longer due.": (
        "Ar ben: cawsoch fwy o amser, neu nid yw'n ddyledus mwyach."
    ),
    "Over: it is too long ago to matter.": "Ar ben: mae'n rhy bell yn ôl i fod o bwys.",
    "Over: you were excused.": "Ar ben: cawsoch eich esgusodi.",
    "Over: you left the module or programme.": "Ar ben: gadawsoch y modiwl neu'r rhaglen.",
    "Over: the policy does not cover it.": "Ar ben: nid yw'r polisi'n ei gwmpasu.",
    "Over: your school no longer uses this rule.": (
        "Ar ben: nid yw eich ysgol yn defnyddio'r rheol hon mwyach."
    ),
    "Over: later records put it right.": "Ar ben: cywirodd cofnodion diweddarach ef.",
    "Over: it was erased.": "Ar ben: fe'i dilëwyd.",
}
_STEPS = {
    "Times that do not count": "Adegau nad ydynt yn cyfrif",
    "open": "agored",
    "Granted by": "Rhoddwyd gan",
    "Ended on {day}": "Daeth i ben ar {day}",
    "Agreed absence": "Absenoldeb y cytunwyd arno",
    "Placement": "Lleoliad",
    "Break in studies": "Toriad mewn astudiaethau",
    "Your circumstances are known": "Mae eich amgylchiadau'n hysbys",
    "What staff thought and did": "Yr hyn a feddyliodd ac a wnaeth staff",
    "Nothing.": "Dim.",
    "Their own words may name other people, so they are not here. You have a right to a copy of "
    "them: ask for it below.": (
        "Gall eu geiriau eu hunain enwi pobl eraill, felly nid ydynt yma. Mae gennych hawl i gopi "
        "ohonynt: gofynnwch amdano isod."
    ),
    "Your school gives you this on request. You have a right to a copy: ask your school.": (
        "Mae eich ysgol yn rhoi hyn i chi pan ofynnwch amdano. Mae gennych hawl i gopi: gofynnwch "
        "i'ch ysgol."
    ),
    "A colleague gave their view.": "Rhoddodd cydweithiwr ei farn.",
    "{count} colleagues gave their views.": "Rhoddodd {count} o gydweithwyr eu barn.",
    "Full names, numbers and addresses of other people were taken out of their words.": (
        "Tynnwyd enwau llawn, rhifau a chyfeiriadau pobl eraill o'u geiriau."
    ),
    "thought that someone should get in touch with you": ("– credai y dylai rhywun gysylltu â chi"),
    "thought that it was better to wait": "– credai ei bod yn well aros",
    "thought that no one should get in touch": "– credai na ddylai neb gysylltu",
    "thought that you should be excused": "– credai y dylech gael eich esgusodi",
    "thought that the records may be wrong": "– credai y gall y cofnodion fod yn anghywir",
    "met you, or tried to": "– cyfarfod â chi, neu geisio gwneud",
    "called you, or tried to": "– eich ffonio, neu geisio gwneud",
    "pointed you to something that may help": "– eich cyfeirio at rywbeth a allai helpu",
    "asked a service to help you": "– gofyn i wasanaeth eich helpu",
    "agreed something with you or for you": "– cytuno ar rywbeth gyda chi neu ar eich rhan",
    "wrote a note": "– ysgrifennu nodyn",
    "Emails and your answers": "E-byst a'ch atebion",
    "Your answer on {day}:": "Eich ateb ar {day}:",
    "Who looked, and why": "Pwy edrychodd, a pham",
    "No one has opened your details.": "Nid oes neb wedi agor eich manylion.",
}

RECORD: Mapping[str, str] = {**_WEEKS, **_FLAGS, **_STEPS}
"""Each English text and the same in Welsh."""
