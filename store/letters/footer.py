"""Write the footer of an email: the student's links, in the email's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from store.letters.phrases import SAYINGS
from store.rules.letters.letter import Language
from store.rules.model import Rung
from store.rules.students.links import (
    PATH,
    UNDER_A_MAIL,
    UNDER_A_PERSONAL_MAIL,
    UNMADE,
    LinkPurpose,
)
from store.signed_links import StudentLink, StudentLinks


def footer_of(
    links: StudentLinks, mail: int, rung: Rung, language: Language, now: dt.datetime
) -> str:
    """Return a sentence and a list, ``- label: address``; '' where students cannot reach a server.

    Under an email to a personal address the footer does not mention what the email is about.
    """
    if not links.address:
        return ""
    return _footer(
        rung, language, lambda purpose: links.address_of(StudentLink(mail, purpose), now)
    )


def example_footer(address: str, rung: Rung, language: Language) -> str:
    """Return the footer of an email not drafted yet, with ``UNMADE`` for each link's secret."""
    if not address:
        return ""
    return _footer(rung, language, lambda _: f"{address}{PATH}/{UNMADE}")


def _footer(rung: Rung, language: Language, where: Callable[[LinkPurpose], str]) -> str:
    sayings, is_personal = SAYINGS[language], rung is Rung.PERSONAL_EMAIL
    lines = [
        f"- {sayings.links[purpose]}: {where(purpose)}"
        for purpose in (UNDER_A_PERSONAL_MAIL if is_personal else UNDER_A_MAIL)
    ]
    return "\n".join([sayings.personal_links_say if is_personal else sayings.links_say, "", *lines])
