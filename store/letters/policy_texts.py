"""The free texts of a policy that students read, each in the sentence around it (§6, §14).

Students also read names and contacts from the policy, so these must not threaten either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from store.rules.policies.policy import SchoolPolicy
from store.rules.text.sentence_patterns import Fault
from store.rules.text.tone.check import ToneFault, labelling_words, places

_NO_HELP = re.compile(
    r"\b(?:home office|ukvi|immigration enforcement|compliance|disciplin\w*|sanctions?|penalt\w+"
    r"|enforcement|exclu(?:sion|ded?)\w*|expulsions?|expel\w*|deport\w*|misconduct|warnings?"
    r"|withdrawals?|de-?registration|terminations?|bailiffs?|debt collect\w+|last chance"
    r"|final (?:chance|notice)|(?:remove|report|expel|dismiss|ends?) (?:you|your)"
    r"|y swyddfa gartref|disgybl(?:u|aeth)|cosb\w*|gwahardd\w*|rhybudd\w*|alltud\w*)\b",
    re.IGNORECASE,
)
"""An office that decides on a student's place is not a service that offers help."""


_ENOUGH = 8
"""Words: a shorter text is also judged with the sentence around it."""


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A free text of the policy: its key, and the sentence in which students read it."""

    path: str
    text: str
    sentence: str
    is_help: bool = False
    """Whether the text is a service to which students in need are referred."""
    where: str = "the statement for students"

    def faults(self) -> list[ToneFault]:
        """Find words in the text that must not be shown to students in its sentence."""
        if not self.text:
            return []
        # A fault that comes only from the surrounding sentence is not the text's own.
        found = labelling_words(self.text)
        if found and len(self.text.split()) < _ENOUGH:
            read = labelling_words(self.sentence.format(self.text))
            found = [each for each in read if each.word in self.text]
        # A single faulty word may be part of a name, such as Academic Registry.
        is_name = not self.path.endswith(".helps_with")
        if len(found) == 1 and is_name and _is_title(found[0].word):
            found = []
        if self.is_help:
            found = [each for each in found if each.fault is not Fault.LABEL]
            found += [ToneFault(1, each.group()) for each in _NO_HELP.finditer(self.text)]
        return list(dict.fromkeys(found))


def _is_title(words: str) -> bool:
    """Return whether they are one word, or a title such as Head of School."""
    parts = words.split()
    return len(parts) == 1 or all(each[0].isupper() or each == "of" for each in parts)


def policy_texts(policy: SchoolPolicy, school: str = "") -> Iterator[PolicyText]:
    """Yield every free text of a policy that a letter, a page or the statement shows to students.

    Letters and reasons in the school's own words are checked elsewhere.
    """
    urgent, approval = policy.urgent, policy.approval
    yield PolicyText("school", school, "My name is Alice Example ({}).", where="letters")
    for number, service in enumerate(policy.services, 1):
        path = f"services[{number}]"
        yield PolicyText(
            f"{path}.name", service.name, "{}, for help and advice.", is_help=True, where="letters"
        )
        helps = "We can put you in touch with people who help with {}."
        yield PolicyText(f"{path}.helps_with", service.helps_with, helps, where="letters")
        yield PolicyText(
            f"{path}.contact", service.contact, "Contact: {}.", is_help=True, where="letters"
        )
    closed = "When our offices are closed, you can reach {}."
    yield PolicyText(
        "urgent.out_of_hours", urgent.out_of_hours, closed, is_help=True, where="letters"
    )
    yield PolicyText(
        "urgent.emergency", urgent.emergency, "In danger, call {}.", is_help=True, where="letters"
    )
    at_any_hour = "You can reach {} at any hour."
    yield PolicyText(
        "urgent.listening", urgent.listening, at_any_hour, is_help=True, where="letters"
    )
    yield PolicyText("approval.approved_by", approval.approved_by, "Agreed by {}.")
    for route in approval.published:
        yield PolicyText("approval.published", route, "You can find it here: {}.")
    for number, marker in enumerate(policy.markers, 1):
        for source in marker.sources:
            yield PolicyText(f"markers[{number}].sources", source, "We look at it, from {}.")
    for source in policy.traces.swipes:
        yield PolicyText("traces.swipes", source, "We look at it, from {}.")
    for key, periods in (("terms", policy.calendar.terms), ("closures", policy.calendar.closures)):
        for number, period in enumerate(periods, 1):
            yield PolicyText(f"calendar.{key}[{number}].name", period.name, "We are closed for {}.")
    for number, override in enumerate(policy.overrides, 1):
        yield PolicyText(f"overrides[{number}].module", override.module or "", "It is on {}.")


def unfit_texts(policy: SchoolPolicy, school: str = "") -> Iterator[tuple[PolicyText, str]]:
    """Yield each free text that must not be shown to a student, with a sentence on why."""
    for each in policy_texts(policy, school):
        if found := each.faults():
            yield (
                each,
                f"{each.path} is used in {each.where} and says "
                f"{places(found)}; allowed is what asks and offers",
            )
