"""Find what an email to a personal address may not reveal: others may read that mailbox (§15).

No list of words is complete, so each sentence that a colleague adds to the school's letter is also
shown to its author and its approver.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from store.rules.text.formatting import folded
from store.rules.text.sentence_patterns import sentences
from store.rules.text.tone.check import ToneFault, telling_words, without_quotes

_HEALTH = (
    r"hospital\w*|treatments?|counsell\w+|therap\w+|doctors?|nurses?|medic(?:al|ation|ine)\w*",
    r"clinics?|surgery|diagnos\w+|ill|illness\w*|unwell|sick\w*|injur\w+|mental|anxi\w+",
    r"depress\w+|stress\w*|pregnan\w+|bereave\w+|addict\w+|self-?harm\w*|suicid\w+|crisis",
    r"psych\w+|safeguarding|low\s+mood",
)
_STATUS = (
    r"visas?|sponsor\w*|immigration|home\s+office|ukvi|funding|funded|funders?|bursar(?:y|ies)",
    r"scholarships?|grants?|tuition|fees?|debts?|hardship|loans?|police",
)
_STUDIES = (
    r"class(?:es)?|stud(?:y|ies|ying|ied)|homework|essays?|exams?|examinations?|tests?|quiz(?:zes)?",
    r"marks?|grades?|tutorials?|tutors?|workshops?|labs?|registers?|registration|timetables?",
    r"dissertations?|thesis|placements?|degrees?|resits?|extensions?|mitigating|extenuating",
    r"withdr[ae]w\w*|suspend\w*|suspension|interrupt\w*|appeals?|misconduct|fail(?:ed|ing|s|ure)?",
    r"catch(?:ing)?\s+up|caught\s+up|f[ae]ll(?:en|ing)?\s+behind|behind\s+with",
)
_AWAY = (
    r"missing|noticed|(?:have|has|had|did)(?:\s+not|n['’]t)\s+(?:yet\s+)?(?:seen?|hear?d?|been|c[oa]me"
    r"|turn(?:ed)?|hand(?:ed)?|sent|send|show(?:n|ed)?|had|have|receiv\w+|g[eo]t|met|meet|done|do"
    r"|answer(?:ed)?|repl(?:y|ied)|register(?:ed)?|pa(?:y|id)|reach(?:ed)?)|never\s+(?:came|come)",
    r"you\s+(?:have\s+|['’]ve\s+)?stopped|been\s+away",
)
_WELSH = (
    r"h?ysbyt\w*|(?:t|d|th|nh)riniaeth\w*|(?:c|g|ch|ngh)wnsel\w*|(?:m|f)eddyg\w*|salwch|s[âa]l",
    r"th?erapi\w*|g?orbryder|iselder|straen|(?:b|f|m)eichiog\w*|(?:p|b|ph|mh)rofedigaeth\w*",
    r"fisa\w*|nodd(?:wr|wyr|i|ed\w*)|mewnfudo|swyddfa\s+gartref|(?:c|g|ch|ngh)yllid\w*",
    r"h?arian(?:n\w*)?|(?:b|f|m)wrsar\w*|h?ysgoloriaeth\w*|ffioedd|(?:b|f|m)enthyciad\w*",
    r"(?:d|dd|n)yled\w*|heddlu",
    r"(?:d|dd|n)osbarth\w*|h?astudi\w*|g?waith\s+cartref|h?arholiad\w*|(?:t|d|th|nh)raeth[ao]wd\w*",
    r"(?:t|d|th|nh)iwtor\w*|g?raddau|(?:m|f)arciau|lleoliad\w*|h?estyniad\w*|(?:m|f)ynych\w*",
    r"(?:c|g|ch|ngh)oll(?:i|odd|asoch|wyd)|ar\s+goll|sylwi|sylwon\w*|sylwais",
    r"nid\s+(?:ydych|ydym|ydw|oeddech)(?:\s+\w+)?\s+wedi|h?eb\s+(?:ei\s+)?(?:ddod|fod|gyrraedd|gael"
    r"|gyflwyno|fynychu|weld|eich|ateb)|ddim\s+wedi|dd?aethoch\s+chi\s+ddim",
)
_TELLING = re.compile(
    rf"(?<!\w)(?:{'|'.join((*_HEALTH, *_STATUS, *_STUDIES, *_AWAY, *_WELSH))})(?!\w)", re.IGNORECASE
)


def what_tells(text: str, *, quoting: Iterable[str] = ()) -> list[ToneFault]:
    """Find words that reveal the studies, health or other reasons, in order.

    ``quoting`` are names and addresses, which may hold any word.
    """
    quotes = tuple(quoting)
    found = telling_words(text, quoting=quotes)
    told = {(each.line, each.word.casefold()) for each in found}
    more = _found(_TELLING, without_quotes(text, quotes))
    found += [each for each in more if (each.line, each.word.casefold()) not in told]
    return sorted(found, key=lambda each: each.line)


def names_of_studies(sentences: Iterable[str], titles: Iterable[str]) -> list[str]:
    """Find the codes and titles of modules that these sentences name."""
    said = "\n".join(sentences)
    known = sorted(filter(None, titles), key=len, reverse=True)
    if not known:
        return []
    pattern = re.compile(
        rf"(?<!\w)(?:{'|'.join(re.escape(each) for each in known)})(?!\w)", re.IGNORECASE
    )
    return list(dict.fromkeys(each.group() for each in pattern.finditer(said)))


def added_sentences(suggested: str, written: str) -> list[str]:
    """Find the sentences of an email that its suggestion does not have, in their order.

    Differences of case, accents or spaces do not count.
    """
    known = {folded(each) for each in _sentences(suggested)}
    return list(dict.fromkeys(each for each in _sentences(written) if folded(each) not in known))


def _sentences(text: str) -> list[str]:
    """Read each line's sentences: a greeting or a list's entry is one without a full stop."""
    return [
        " ".join(sentence.split())
        for line in text.splitlines()
        for _, sentence in sentences(line)
        if any(sign.isalnum() for sign in sentence)
    ]


def _found(pattern: re.Pattern[str], text: str) -> list[ToneFault]:
    return [
        ToneFault(text.count("\n", 0, each.start()) + 1, " ".join(each.group().split()))
        for each in pattern.finditer(text)
    ]
