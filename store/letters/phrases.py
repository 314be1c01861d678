"""Lantern's own phrases in letters, by language: days, roles, sources of evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from store.rules.letters.letter import Language, LetterKind
from store.rules.model import MarkerFamily, Role
from store.rules.policies.policy import Urgent
from store.rules.students.links import LinkPurpose
from store.rules.text.formatting import listed, on_day

WELSH_DAYS = (
    "ddydd Llun",
    "ddydd Mawrth",
    "ddydd Mercher",
    "ddydd Iau",
    "ddydd Gwener",
    "ddydd Sadwrn",
    "ddydd Sul",
)
"""The forms after the words for "on" and "up to", which cause a soft mutation."""
WELSH_MONTHS = (
    "Ionawr",
    "Chwefror",
    "Mawrth",
    "Ebrill",
    "Mai",
    "Mehefin",
    "Gorffennaf",
    "Awst",
    "Medi",
    "Hydref",
    "Tachwedd",
    "Rhagfyr",
)
_WELSH_ROLES = {
    Role.STUDENT_SUPPORT_OFFICER: "swyddog cymorth i fyfyrwyr",
    Role.ADVISER: "cynghorydd",
    Role.MODULE_ORGANISER: "trefnydd modiwl",
    Role.ENGAGEMENT_LEAD: "arweinydd ymgysylltu",
    Role.FACULTY_LEAD: "arweinydd cyfadran",
    Role.DATA_PROTECTION_OFFICER: "swyddog diogelu data",
}
_WELSH_FAMILIES = {
    MarkerFamily.ATTENDANCE: "presenoldeb",
    MarkerFamily.SUBMISSIONS: "gwaith a gyflwynwyd",
    MarkerFamily.VLE: "y man dysgu ar-lein",
    MarkerFamily.MEETINGS: "cyfarfodydd â staff",
    MarkerFamily.RECORDINGS: "recordiadau",
    MarkerFamily.COCURRICULAR: "gweithgareddau allgyrsiol",
}

MOST_REASONS = 5
"""The most reasons in one email."""


@dataclass(frozen=True, slots=True)
class Sayings:
    """The phrases of one language. Braces mark placeholders."""

    day: Callable[[dt.date], str]
    families: Mapping[MarkerFamily, str]
    roles: Mapping[Role, str]
    joined: Callable[[Sequence[str]], str]
    helps_with: str
    and_more: str
    """Replaces the last of many reasons; ``number`` counts those left out."""
    seen: str
    seen_apart: str
    up_to: str
    """The last known day: one for all sources, or each with its own."""
    offer: str
    meeting: str
    """The title of the meeting in a calendar, which others may see."""
    danger: str
    """The number to call when life is in danger; ``outside``: and at the school, out of hours."""
    listens: str
    """Who listens at any hour, in ``danger``; ``listens_by_default``: who does in every school."""
    listens_by_default: str
    outside: str
    links_say: str
    personal_links_say: str
    links: Mapping[LinkPurpose, str]
    """The labels of the links under an email; ``links_say`` introduces them."""

    def urgent_help(self, urgent: Urgent) -> str:
        """Return the number to call in danger, who listens, and who is there out of hours."""
        outside = self.outside.format(contact=urgent.out_of_hours) if urgent.out_of_hours else ""
        is_default = urgent.listening == Urgent().listening
        listens = self.listens_by_default if is_default else self.listens
        said = self.danger.format(
            emergency=urgent.emergency, listening=listens.format(listening=urgent.listening)
        )
        return f"{said} {outside}".strip()

    def urgent_in(self, kind: LetterKind, urgent: Urgent, *, own_words: bool = False) -> str:
        """Return ``urgent_help`` for a letter of this kind, or ''.

        Lantern's own first email has it only where the school names its own contacts. A school's
        own letter (``own_words``) may always use it.
        """
        ours = (urgent.out_of_hours, urgent.emergency, urgent.listening)
        is_named = ours != (Urgent().out_of_hours, Urgent().emergency, Urgent().listening)
        is_always = own_words or kind is not LetterKind.UNIVERSITY_EMAIL
        return self.urgent_help(urgent) if is_always or is_named else ""

    def sources(self, fresh: Mapping[MarkerFamily, dt.date]) -> str:
        """Return the sources as a sentence, with the last known day of each; '' for none."""
        if not fresh:
            return ""
        days = sorted(set(fresh.values()))
        named = {
            day: self.joined([self.families[each] for each in fresh if fresh[each] == day])
            for day in days
        }
        if len(days) == 1:
            return self.seen.format(named=named[days[0]], day=self.day(days[0]))
        parts = (self.up_to.format(named=named[day], day=self.day(day)) for day in days)
        return self.seen_apart.format(parts="; ".join(parts))

    def few(self, reasons: tuple[str, ...]) -> tuple[str, ...]:
        """Return the first few reasons, the last replaced by how many more there are.

        A long list would read like an accusation.
        """
        if len(reasons) <= MOST_REASONS:
            return reasons
        kept = reasons[: MOST_REASONS - 1]
        return (*kept, self.and_more.format(number=len(reasons) - len(kept)))

    def role(self, roles: Sequence[Role]) -> str:
        """Return a person's roles in a school, in words."""
        return self.joined(sorted(self.roles[role] for role in roles))


def _welsh_day(day: dt.date) -> str:
    return f"{WELSH_DAYS[day.weekday()]} {day.day} {WELSH_MONTHS[day.month - 1]}"


def _welsh_list(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {_welsh_and(words[-1])}"


def _welsh_and(word: str) -> str:
    """Put "and" before a Welsh word, with the right form, article and mutation."""
    first = word[:1].casefold()
    if word.startswith(("y ", "yr ")):
        return f"a'r {word.split(' ', 1)[1]}"
    if first and first in "aeiouwyâêîôûŵŷ":
        return f"ac {word}"
    if first and first in "cpt" and word[1:2] != "h":
        return f"a {word[0]}h{word[1:]}"
    return f"a {word}"


SAYINGS: Mapping[Language, Sayings] = {
    Language.ENGLISH: Sayings(
        day=on_day,
        families={family: family.label for family in MarkerFamily},
        roles={role: role.label for role in Role},
        joined=listed,
        helps_with="for",
        and_more="There are {number} more like these. Ask me, and I will tell you all of them.",
        seen="This comes from our records of {named}, up to {day}.",
        seen_apart="This comes from our records of {parts}.",
        up_to="{named} up to {day}",
        offer=(
            "P.S. I can offer you a meeting on {day} at {time}, for {minutes} minutes: {place}. "
            "Open the attachment to add it to your calendar. If another time suits you better, "
            "just say so; there is no need to answer if you would rather not meet."
        ),
        meeting="Meeting with {writer}",
        danger=(
            "If you or a person near you may be in danger, call {emergency}. You can reach "
            "{listening} at any hour."
        ),
        listens="{listening}",
        listens_by_default="{listening}",
        outside="When our offices are closed, you can reach {contact}.",
        links_say="You can also answer here. These links open your page, so please do not pass "
        "them on:",
        personal_links_say="You can also answer here:",
        links={
            LinkPurpose.FINE: "I am fine",
            LinkPurpose.WRONG: "This is wrong",
            LinkPurpose.CONTACT_BY: "Please contact me another way",
            LinkPurpose.TALK: "I would like to talk",
            LinkPurpose.PAGE: "See what we hold about you, or choose what we write to you",
            LinkPurpose.DOOR: "To your page",
        },
    ),
    Language.WELSH: Sayings(
        day=_welsh_day,
        families=_WELSH_FAMILIES,
        roles=_WELSH_ROLES,
        joined=_welsh_list,
        helps_with="ar gyfer",
        and_more="Mae {number} arall fel y rhain. Gofynnwch, a chewch glywed amdanynt i gyd.",
        seen="Daw hyn o'n cofnodion hyd at {day}: {named}.",
        seen_apart="Daw hyn o'n cofnodion: {parts}.",
        up_to="{named} hyd at {day}",
        offer=(
            "O.N. Gallaf gynnig cyfarfod i chi ar {day} am {time}, am {minutes} munud: {place}. "
            "Agorwch yr atodiad i'w roi yn eich calendr. Os yw amser arall yn well i chi, "
            "dywedwch hynny; nid oes angen ateb os nad ydych am gwrdd."
        ),
        meeting="Cyfarfod: {writer}",
        danger=(
            "Os gallech chi neu rywun yn eich ymyl fod mewn perygl, ffoniwch {emergency}. Gallwch "
            "gysylltu {listening} ar unrhyw adeg."
        ),
        listens="â {listening}",
        listens_by_default="â'r Samariaid ar 116 123",
        outside="Pan fydd ein swyddfeydd ar gau, gallwch gysylltu â {contact}.",
        links_say="Gallwch hefyd ateb yma. Mae'r dolenni hyn yn agor eich tudalen, felly "
        "peidiwch â'u rhannu:",
        personal_links_say="Gallwch hefyd ateb yma:",
        links={
            LinkPurpose.FINE: "Rwy'n iawn",
            LinkPurpose.WRONG: "Nid yw hyn yn gywir",
            LinkPurpose.CONTACT_BY: "Cysylltwch â mi mewn ffordd arall",
            LinkPurpose.TALK: "Hoffwn siarad",
            LinkPurpose.PAGE: "Gweld beth sydd gennym amdanoch, neu ddewis beth a anfonwn atoch",
            LinkPurpose.DOOR: "I'ch tudalen",
        },
    ),
}
