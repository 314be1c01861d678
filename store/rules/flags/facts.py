"""Find flags that state the same fact, so that each fact is shown and counted once (§2, §17).

Two rules may find the same: *fading-out* tells the missed work and sessions that
*missed-submission* and *attendance* tell as well. The letter, the card, lists, the digest and the
student's page all ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from store.rules.flag_rules.attendance import Attendance
from store.rules.flag_rules.fading_out import FadingOut
from store.rules.flag_rules.missed_submission import MissedSubmission
from store.rules.flag_rules.quiet_weeks import QuietWeeks
from store.rules.model import MarkerFamily

Flag = TypeVar("Flag")


@dataclass(frozen=True, slots=True)
class FlagFact:
    """What a flag states: the measure, the module and the piece of work. Each may be ''."""

    measure: str
    """The name of the rule that measures the fact."""
    module: str
    item: str


_MEASURED_BY = {
    MarkerFamily.ATTENDANCE: Attendance.NAME,
    MarkerFamily.SUBMISSIONS: MissedSubmission.NAME,
    MarkerFamily.VLE: QuietWeeks.NAME,
}
"""Family → the rule of which *fading-out* repeats the finding."""


def fact_of(rule: str, family: str, key: str) -> FlagFact:
    """Read what a flag states from its rule, its family and its key (``Finding.key``)."""
    _, module, subject = [*key.split("|", 2), "", ""][:3]
    if is_combined(rule):
        item = "" if subject == family else subject
        return FlagFact(_MEASURED_BY.get(MarkerFamily(family), rule), module, item)
    return FlagFact(rule, module, subject)


def is_combined(rule: str) -> bool:
    """Return whether this rule repeats what other rules measure."""
    return rule == FadingOut.NAME


def each_once(
    flags: Iterable[Flag],
    fact: Callable[[Flag], FlagFact],
    said: Callable[[Flag], str],
    combined: Callable[[Flag], bool],
) -> list[Flag]:
    """Keep one flag for each fact and for each sentence, in their order.

    The sentence of the rule that measures the fact is preferred to that of a combined rule, which
    need not name the piece of work.
    """
    chosen: dict[FlagFact, Flag] = {}
    for flag in flags:
        known = chosen.get(fact(flag))
        if known is None or (combined(known) and not combined(flag)):
            chosen[fact(flag)] = flag
    sentences: dict[str, Flag] = {}
    for flag in chosen.values():
        sentences.setdefault(said(flag), flag)
    return list(sentences.values())
