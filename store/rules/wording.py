"""Words that a supportive mail does without, and how to find them (§14, §15, §17)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from store.rules.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Found:
    """A word that was looked for, as it stands in the text. Lines count from 1."""

    line: int
    word: str


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


_PUNITIVE = _any_of(
    # threats
    r"warn(?:s|ed|ings?)?",
    r"penal(?:ty|ties|i[sz]e[sd]?|i[sz]ing)",
    r"punish\w*",
    r"punitive",
    r"sanction\w*",
    r"disciplin(?:ary|ed|ing)",
    r"consequences?",
    r"final\s+notice",
    r"expel(?:led)?",
    r"expulsion",
    r"terminat(?:e|ed|ion)",
    # demands
    r"must",
    r"required\s+to",
    r"obliged\s+to",
    r"non[\s-]?complian(?:ce|t)",
    r"breach(?:ed|es)?",
    r"violat\w+",
    r"misconduct",
    # labels
    r"fail(?:s|ed|ing|ures?)?",
    r"at[\s-]risk",
    r"poor(?:ly)?",
    r"unsatisfactory",
    r"unacceptable",
    r"inadequate",
    r"underperform\w*",
    r"under-perform\w*",
    r"disengag\w+",
    r"laz(?:y|iness)",
)

_LABELLING = _any_of(
    r"absentees?",
    r"truan(?:t|ts|cy)",
    r"(?:low|under)[\s-]?achiev\w+",
    r"problem\s+students?",
    r"vulnerable",
    r"weak(?:er|est)?\s+students?",
    r"struggl\w+",
    r"non[\s-]?attend\w+",
    r"unengaged",
    r"unmotivated",
    r"risk\s+(?:scores?|levels?)",
    r"high[\s-]risk",
)

_TELLING = _any_of(
    # what was looked at
    r"attend\w*",
    r"absen(?:t|ces?)",
    r"engag\w+",
    r"modules?",
    r"courses?",
    r"sessions?",
    r"lectures?",
    r"seminars?",
    r"assessments?",
    r"assignments?",
    r"coursework",
    r"deadlines?",
    r"submi\w+",
    r"handed\s+in",
    r"missed",
    r"vle",
    r"qmplus",
    r"log[\s-]?ins?",
    r"logged\s+in",
    r"activit(?:y|ies)",
    r"recordings?",
    r"co-?curricular",
    r"monitor\w*",
    # that there is a concern
    r"concern\w*",
    r"worr(?:y|ied|ies|ying)",
    r"progress\w*",
    r"support\w*",
    r"welfare",
    r"well-?being",
    r"disab\w+",
    r"health",
    r"fitness",
    r"interventions?",
    r"re-?engag\w+",
    r"not\s+seen",
    r"flag(?:s|ged)?",
)


def punitive_words(text: str, *, quoting: Iterable[str] = ()) -> list[Found]:
    """Words that threaten, demand or label.

    ``quoting`` are names and titles that the text repeats and did not choose, such as the title
    of an assessment; they are not looked at.
    """
    return _find(_PUNITIVE, text, quoting)


def labelling_words(text: str) -> list[Found]:
    """Words that a reason does without: those of a mail, and names for a kind of person."""
    return punitive_words(text) + _find(_LABELLING, text, ())


def telling_words(text: str, *, quoting: Iterable[str] = ()) -> list[Found]:
    """Words that would tell whoever reads a personal mailbox what the mail is about."""
    return _find(_TELLING, text, quoting)


def check_supportive(text: str, *, quoting: Iterable[str] = (), field: str = "body") -> None:
    """Let it pass, or raise ``InvalidInput`` with every such word and its line."""
    if found := punitive_words(text, quoting=quoting):
        raise InvalidInput(
            f"A mail to a student offers help and asks; please say this differently: "
            f"{_places(found)}.",
            field=field,
        )


def check_discreet(text: str, *, quoting: Iterable[str] = (), field: str = "body") -> None:
    """The same for a personal address: others may read it, so the mail says nothing of why."""
    if found := telling_words(text, quoting=quoting):
        raise InvalidInput(
            "A personal address may be read by others, so this mail cannot say what it is about; "
            f"please leave this out: {_places(found)}.",
            field=field,
        )


def _find(pattern: re.Pattern[str], text: str, quoting: Iterable[str]) -> list[Found]:
    for quote in sorted(filter(None, quoting), key=len, reverse=True):
        # Blanks keep the lines where they are.
        text = re.sub(rf"(?<!\w){re.escape(quote)}(?!\w)", " ", text)
    return [
        Found(text.count("\n", 0, match.start()) + 1, " ".join(match.group().split()))
        for match in pattern.finditer(text)
    ]


def _places(found: Iterable[Found]) -> str:
    return ", ".join(f"“{each.word}” in line {each.line}" for each in found)
