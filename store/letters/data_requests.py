"""The emails that tell a student of a step about their request or complaint about data (§28).

They go to the university address alone. The words in them are the officer's own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from store.letters.phrases import SAYINGS
from store.rules.letters.letter import Language
from store.rules.students.data_requests import (
    COMMISSION,
    COMMISSION_PAGE,
    COMMISSION_PHONE,
    DataAsk,
)
from store.rules.students.data_steps import DataStep

_COMMISSION = f"{COMMISSION} ({COMMISSION_PAGE}, {COMMISSION_PHONE})"
_SUBJECTS: Mapping[Language, Mapping[DataAsk, str]] = {
    Language.ENGLISH: {
        DataAsk.COPY: "Your request for a copy of your data",
        DataAsk.COMPLAINT: "Your complaint about your data",
    },
    Language.WELSH: {
        DataAsk.COPY: "Eich cais am gopi o'ch data",
        DataAsk.COMPLAINT: "Eich cwyn am eich data",
    },
}
_STEPS: Mapping[Language, Mapping[tuple[DataAsk, DataStep], str]] = {
    Language.ENGLISH: {
        (DataAsk.COPY, DataStep.RECORDED): (
            "We have your request for a copy of your data. You will get it by {day} at the latest."
        ),
        (DataAsk.COMPLAINT, DataStep.RECORDED): (
            "We have your complaint about your data. You hear from us again by {day} at the latest."
        ),
        (DataAsk.COPY, DataStep.ASKED): (
            "Before we can go on with the copy of your data we need to know something. The time "
            "for your copy stops until you answer. You can reply to this email, which the data "
            "protection officer alone reads, or answer on your page."
        ),
        (DataAsk.COPY, DataStep.EXTENDED): (
            "We need more time for the copy of your data. You will get it by {day} at the latest. "
            "This is the reason:"
        ),
        (DataAsk.COMPLAINT, DataStep.ACKNOWLEDGED): (
            "We have your complaint about your data and are looking into it. You have our answer "
            "by {day}, or we tell you why not."
        ),
        (DataAsk.COPY, DataStep.ANSWERED): (
            "The data protection officer has given you the copy of your data. If you did not get "
            "it, reply to this email."
        ),
        (DataAsk.COPY, DataStep.CLOSED): "This is our answer to your request for a copy:",
        (DataAsk.COMPLAINT, DataStep.ANSWERED): "This is our answer to your complaint:",
    },
    Language.WELSH: {
        (DataAsk.COPY, DataStep.RECORDED): (
            "Mae eich cais am gopi o'ch data gennym. Byddwch yn ei gael erbyn {day} fan bellaf."
        ),
        (DataAsk.COMPLAINT, DataStep.RECORDED): (
            "Mae eich cwyn am eich data gennym. Byddwch yn clywed gennym eto erbyn {day} fan "
            "bellaf."
        ),
        (DataAsk.COPY, DataStep.ASKED): (
            "Cyn y gallwn barhau â'r copi o'ch data mae angen i ni wybod rhywbeth. Mae'r amser ar "
            "gyfer eich copi yn stopio nes i chi ateb. Gallwch ateb yr e-bost hwn, a'r swyddog "
            "diogelu data yn unig fydd yn ei ddarllen, neu ateb ar eich tudalen."
        ),
        (DataAsk.COPY, DataStep.EXTENDED): (
            "Mae angen mwy o amser arnom ar gyfer y copi o'ch data. Byddwch yn ei gael erbyn {day} "
            "fan bellaf. Dyma'r rheswm:"
        ),
        (DataAsk.COMPLAINT, DataStep.ACKNOWLEDGED): (
            "Mae eich cwyn am eich data gennym, ac rydym yn edrych arni. Byddwch yn cael ein hateb "
            "erbyn {day}, neu byddwn yn esbonio pam nad yw'n barod."
        ),
        (DataAsk.COPY, DataStep.ANSWERED): (
            "Mae'r swyddog diogelu data wedi rhoi'r copi o'ch data i chi. Os na chawsoch ef, "
            "atebwch yr e-bost hwn."
        ),
        (DataAsk.COPY, DataStep.CLOSED): "Dyma ein hateb i'ch cais am gopi:",
        (DataAsk.COMPLAINT, DataStep.ANSWERED): "Dyma ein hateb i'ch cwyn:",
    },
}
_LATE: Mapping[Language, Mapping[tuple[DataAsk, DataStep], str]] = {
    Language.ENGLISH: {
        (DataAsk.COPY, DataStep.RECORDED): (
            "We have your request for a copy of your data. You should have had it by {day}. We are "
            "sorry that it is late: you will get it as soon as we can."
        ),
        (DataAsk.COPY, DataStep.ASKED): (
            "Before we can go on with the copy of your data we need to know something. You should "
            "have had it by {day}, and we are sorry that it is late. You can reply to this email, "
            "which the data protection officer alone reads, or answer on your page."
        ),
        (DataAsk.COMPLAINT, DataStep.RECORDED): (
            "We have your complaint about your data. You should have heard from us by {day}. We "
            "are sorry that it is late: you will hear from us as soon as we can."
        ),
        (DataAsk.COMPLAINT, DataStep.ACKNOWLEDGED): (
            "We have your complaint about your data and are looking into it. You should have had "
            "our answer by {day}. We are sorry that it is late: you will have it as soon as we can."
        ),
    },
    Language.WELSH: {
        (DataAsk.COPY, DataStep.RECORDED): (
            "Mae eich cais am gopi o'ch data gennym. Dylech fod wedi ei gael erbyn {day}. Mae'n "
            "ddrwg gennym ei fod yn hwyr: byddwch yn ei gael cyn gynted ag y gallwn."
        ),
        (DataAsk.COPY, DataStep.ASKED): (
            "Cyn y gallwn barhau â'r copi o'ch data mae angen i ni wybod rhywbeth. Dylech fod wedi "
            "ei gael erbyn {day}, ac mae'n ddrwg gennym ei fod yn hwyr. Gallwch ateb yr e-bost "
            "hwn, a'r swyddog diogelu data yn unig fydd yn ei ddarllen, neu ateb ar eich tudalen."
        ),
        (DataAsk.COMPLAINT, DataStep.RECORDED): (
            "Mae eich cwyn am eich data gennym. Dylech fod wedi clywed gennym erbyn {day}. Mae'n "
            "ddrwg gennym ein bod yn hwyr: byddwch yn clywed gennym cyn gynted ag y gallwn."
        ),
        (DataAsk.COMPLAINT, DataStep.ACKNOWLEDGED): (
            "Mae eich cwyn am eich data gennym, ac rydym yn edrych arni. Dylech fod wedi cael ein "
            "hateb erbyn {day}. Mae'n ddrwg gennym ei fod yn hwyr: byddwch yn ei gael cyn gynted "
            "ag y gallwn."
        ),
    },
}
"""The steps that name a day, where that day is over."""
_BODIES: Mapping[Language, str] = {
    Language.ENGLISH: f"""Hello,

{{said}}{{words}}

If you are unhappy with how your data is handled, you can complain to us on your page, and to the {_COMMISSION}.

{{officer}}, data protection officer
{{school}}""",  # noqa: E501 -- one line is one paragraph
    Language.WELSH: f"""Helo,

{{said}}{{words}}

Os ydych yn anhapus â sut yr ymdrinnir â'ch data, gallwch gwyno wrthym ar eich tudalen, ac wrth y Comisiwn Gwybodaeth: {_COMMISSION}.

{{officer}}, swyddog diogelu data
{{school}}""",  # noqa: E501
}


def data_letter(
    language: Language,
    kind: DataAsk,
    step: DataStep,
    *,
    by: dt.date,
    today: dt.date,
    words: str,
    officer: str,
    school: str,
) -> tuple[str, str]:
    """Return subject and text. ``by`` is the legal day after the step; ``words`` the officer's own,
    '' for none."""
    day = f"{by:%A} {by.day} {by:%B} {by.year}"
    if language is Language.WELSH:
        # The day of a phrase is softened, which the word before this one does not do.
        day = f"{SAYINGS[language].day(by)[1:]} {by.year}"
    said = _STEPS[language][kind, step]
    if by < today:
        said = _LATE[language].get((kind, step), said)
    body = _BODIES[language].format(
        said=said.format(day=day),
        words=f"\n\n{words}" if words else "",
        officer=" ".join(officer.split()),
        school=" ".join(school.split()),
    )
    return _SUBJECTS[language][kind], body
