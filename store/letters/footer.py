"""What stands under a mail: the student's links, in the mail's language."""

from __future__ import annotations

import datetime as dt

from store.letters.sayings import SAYINGS
from store.links import Link, StudentLinks
from store.rules.letters import Language
from store.rules.model import Rung
from store.rules.student_links import UNDER_A_MAIL, UNDER_A_PERSONAL_MAIL


def footer_of(
    links: StudentLinks, mail: int, rung: Rung, language: Language, now: dt.datetime
) -> str:
    """A sentence and a list, ``- what it says: address``; '' where students reach no server.

    Under a mail to a personal address it says nothing of what the mail is about.
    """
    if not links.has_address:
        return ""
    sayings, is_personal = SAYINGS[language], rung is Rung.PERSONAL_EMAIL
    lines = [
        f"- {sayings.links[purpose]}: {links.address_of(Link(mail, purpose), now)}"
        for purpose in (UNDER_A_PERSONAL_MAIL if is_personal else UNDER_A_MAIL)
    ]
    return "\n".join([sayings.personal_links_say if is_personal else sayings.links_say, "", *lines])
