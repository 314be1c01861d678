"""The automatic reply to an answer: who reads it, and which numbers to call (§13, §25).

The words do not depend on the answer, so that they reveal no judgement of it. Others may read them,
so they do not mention why the student was contacted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from store.letters.phrases import SAYINGS
from store.rules.letters.letter import Language
from store.rules.policies.policy import SchoolPolicy

_SUBJECTS: Mapping[Language, str] = {
    Language.ENGLISH: "Thank you, your email has arrived",
    Language.WELSH: "Diolch, mae eich e-bost wedi cyrraedd",
}
_BODIES: Mapping[Language, str] = {
    Language.ENGLISH: """Hello,

Thank you for writing to us. This automatic reply tells you that your email has arrived. {reader} ({school}) reads it in working hours.{opens}

{help}

You can write again at any time: just reply to this email.

{school}""",  # noqa: E501 -- one line is one paragraph
    Language.WELSH: """Helo,

Diolch am ysgrifennu atom. Ateb awtomatig yw hwn: mae eich e-bost wedi cyrraedd. Mae {reader} ({school}) yn ei ddarllen yn ystod oriau gwaith.{opens}

{help}

Gallwch ysgrifennu eto ar unrhyw adeg: atebwch yr e-bost hwn.

{school}""",  # noqa: E501
}
_OPENS: Mapping[Language, str] = {
    Language.ENGLISH: " Our offices are next open on {day} from {time}.",
    Language.WELSH: " Bydd ein swyddfeydd ar agor nesaf ar {day} o {time}.",
}


def automatic_reply(
    policy: SchoolPolicy, language: Language, *, school: str, reader: str, now: dt.datetime
) -> tuple[str, str]:
    """Return subject and text. ``reader`` is the name of the person who reads the answer next."""
    return _SUBJECTS[language], _BODIES[language].format(
        school=_tidy(school),
        reader=_tidy(reader),
        opens=_opening(policy, language, now),
        help=SAYINGS[language].urgent_help(policy.urgent),
    )


def _opening(policy: SchoolPolicy, language: Language, now: dt.datetime) -> str:
    """Return when the offices open next, as a sentence; '' within working hours."""
    calendar = policy.calendar
    if not calendar.is_quiet(now):
        return ""
    opening = calendar.local(calendar.end_of_quiet(now))
    day = SAYINGS[language].day(opening.date())
    return _OPENS[language].format(day=day, time=f"{opening:%H:%M}")


def _tidy(name: str) -> str:
    return " ".join(name.split())
