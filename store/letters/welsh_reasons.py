"""What was noticed, in Welsh: the rules' own sentences for a student, known by their English.

The records are in English, so that Welsh is written when the student reads them.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence

from store.letters.phrases import SAYINGS, WELSH_DAYS, WELSH_MONTHS
from store.rules.letters.letter import Language
from store.rules.model import MarkerFamily

_SAYS = SAYINGS[Language.WELSH]
_DAYS = dict(zip(calendar.day_name, WELSH_DAYS, strict=True))
_MONTHS = dict(zip(calendar.month_name[1:], WELSH_MONTHS, strict=True))
_FAMILIES = {each.label: _SAYS.families[each] for each in MarkerFamily}
_WEEKS = {"two": "ddwy", "three": "tair", "four": "pedair", "five": "pum", "six": "chwe"}
_VOWELS = {1, 8, 11, 16, *range(80, 90)}
"""Numbers that begin with a vowel when they are read out."""


def _any(words: Sequence[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, words))})"


def _list(piece: str) -> str:
    return f"({piece}(?:, {piece})*(?: and {piece})?)"


_MONTH = _any(list(_MONTHS))
_DAY = rf"{_any(list(_DAYS))} \d{{1,2}} {_MONTH}"
_RUN = rf"\d{{1,2}}(?: {_MONTH})? to \d{{1,2}} {_MONTH}"
_MORE = r"\d+ more days?"
_LOOKED_AT = rf"{_list(_any(list(_FAMILIES)))},? up to ({_DAY})"
_PARTS = {
    "<day>": f"({_DAY})",
    "<n>": r"(\d[\d,]*)",
    "<when>": f"(in the {_any(list(_WEEKS))} weeks to {_DAY}|from {_RUN}|on {_DAY})",
    "<families>": _list(_any(list(_FAMILIES))),
    "<days>": _list(f"(?:{_DAY}|{_RUN}|{_MORE})"),
    "<sources>": f"({_LOOKED_AT}(?:; {_LOOKED_AT})*)",
}


def in_welsh(reason: str, module: str | None, item: str) -> str | None:
    """Return a student's reason in Welsh; None where one of its sentences is not known.

    ``module`` and ``item`` are as the reason names them: they stay, whatever they contain.
    """
    said: list[str] = []
    at = 0
    while at < len(reason):
        for english, write in _SENTENCES.items():
            pattern = _pattern(english, module or "", item)
            if pattern and (found := pattern.match(reason, at)):
                welsh = write(*(each for each in found.groups() if each is not None))
                said.append(_filled(welsh, module or "", item))
                at = found.end()
                break
        else:
            return None
    return " ".join(said) or None


def _pattern(english: str, module: str, item: str) -> re.Pattern[str] | None:
    """Return the sentence as a pattern; None where it names what the reason does not."""
    if ("<module>" in english and not module) or ("<item>" in english and not item):
        return None
    pattern = english
    for name, part in _PARTS.items():
        pattern = pattern.replace(name, part)
    return re.compile(_filled(pattern, re.escape(module), re.escape(item)) + r"(?: |\Z)")


def _filled(text: str, module: str, item: str) -> str:
    """Put the names in at once, since a name may look like a place for the other."""
    names = {"<module>": module, "<item>": item}
    return re.sub("<module>|<item>", lambda place: names[place[0]], text)


def _on(day: str) -> str:
    """Write a day after a word that causes the soft mutation."""
    weekday, number, month = day.split()
    return f"{_DAYS[weekday]} {number} {_MONTHS[month]}"


def _plain(day: str) -> str:
    """Write a day after a word that does not."""
    return _on(day).removeprefix("d")


def _run(english: str) -> str:
    """Write ``o 10 Tachwedd hyd at 4 Rhagfyr``."""
    words = [_MONTHS.get(each, each) for each in english.split()]
    return f"o {' '.join(words).replace(' to ', ' hyd at ')}"


def _when(english: str) -> str:
    if english.startswith("from "):
        return _run(english.removeprefix("from "))
    if english.startswith("on "):
        return f"ar {_on(english.removeprefix('on '))}"
    weeks, _, day = english.removeprefix("in the ").partition(" weeks to ")
    return f"yn y {_WEEKS[weeks]} wythnos hyd at {_on(day)}"


def _number(english: str, one: str, many: str) -> str:
    return f"{english} {one}" if english in ("0", "1") else f"{english} o {many}"


def _days(number: str) -> str:
    return _number(number, "diwrnod", "ddyddiau")


def _families(english: str) -> str:
    named = re.findall(_any(list(_FAMILIES)), english)
    return _SAYS.joined([_FAMILIES[each] for each in named])


def _gap(families: str, days: str) -> str:
    pieces = re.findall(f"{_DAY}|{_RUN}|{_MORE}", days)
    *first, last = [_piece(each) for each in pieces]
    is_more = pieces[-1].endswith(("more day", "more days"))
    if first and is_more:
        number = int(last.split()[0])
        listed = f"{', '.join(first)} {'ac' if number in _VOWELS else 'a'} {last}"
    else:
        listed = _SAYS.joined([*first, last])
    return f"Nid oes gennym ddata ar gyfer {listed}: {_families(families)}."


def _piece(english: str) -> str:
    if " more " in english:
        number = english.split(maxsplit=1)[0]
        return f"{_days(number)} {'arall' if number == '1' else 'eraill'}"
    return f"y cyfnod {_run(english)}" if " to " in english else _plain(english)


def _sources(english: str, *_: str) -> str:
    """Write the sources with their last known days, as the letters do."""
    found = [(_families(each), _on(day)) for each, day in re.findall(_LOOKED_AT, english)]
    if len(found) == 1:
        return _SAYS.seen.format(named=found[0][0], day=found[0][1])
    parts = [_SAYS.up_to.format(named=named, day=day) for named, day in found]
    return _SAYS.seen_apart.format(parts="; ".join(parts))


def _absent(number: str) -> str:
    row = " yn olynol" if number != "1" else ""
    return f"Ni welsom chi ar {_days(number)}{row} â sesiynau yn y modiwl <module>"


def _last_meetings(number: str) -> str:
    return "yn eich 1 cyfarfod diwethaf" if number == "1" else _meetings(number)


def _meetings(number: str) -> str:
    row = " yn olynol" if number != "1" else ""
    return f"mewn {_number(number, 'cyfarfod', 'gyfarfodydd')}{row}"


_NOT_IN = "Nid ydym wedi eich gweld yn y modiwl <module>"
_SENTENCES: dict[str, Callable[..., str]] = {
    # Inactivity
    r"We have not seen you since <day>\.": lambda day: (
        f"Nid ydym wedi eich gweld ers {_plain(day)}."
    ),
    r"We have not seen you since at least <day>\.": lambda day: (
        f"Nid ydym wedi eich gweld ers {_plain(day)} o leiaf."
    ),
    r"We have not seen you so far\.": lambda: "Nid ydym wedi eich gweld hyd yn hyn.",
    r"We did not see you from <day> to <day>\.": lambda first, last: (
        f"Ni welsom chi o {_on(first)} hyd at {_on(last)}."
    ),
    r"We did not see you from at least <day> to <day>\.": lambda first, last: (
        f"Ni welsom chi o leiaf o {_on(first)} hyd at {_on(last)}."
    ),
    r"We did not see you (?:up to|until) <day>\.": lambda day: f"Ni welsom chi hyd at {_on(day)}.",
    r"We saw you on <n> days? since then, last on <day>\.": lambda days, day: (
        f"Gwelsom chi ar {_days(days)} ers hynny, y tro diwethaf ar {_on(day)}."
    ),
    r"We looked at <sources>\.": _sources,
    # Absences
    r"We did not see you on the last <n> days? with sessions in <module> up to <day>\.": (
        lambda days, day: f"{_absent(days)}, hyd at {_on(day)}."
    ),
    r"We did not see you on <n> days? with sessions in <module> in a row\.": (
        lambda days: f"{_absent(days)}."
    ),
    r"We saw you on <n> of the <n> such days? since, up to <day>\.": lambda came, days, day: (
        f"Ers hynny, gwelsom chi ar {came} allan o {_days(days)} o'r fath, hyd at {_on(day)}."
    ),
    # Attendance
    r"You came to <n> of <n> sessions? in <module> <when>\.": lambda done, sessions, when: (
        f"Daethoch i {done} allan o {_number(sessions, 'sesiwn', 'sesiynau')} yn y modiwl "
        f"<module> {_when(when)}."
    ),
    # Meetings
    r"We missed you at your last <n> meetings? for <module> up to <day>\.": lambda number, day: (
        f"Ni welsom chi {_last_meetings(number)} ar gyfer y modiwl <module>, hyd at {_on(day)}."
    ),
    r"We missed you at <n> meetings? in a row for <module>\.": lambda number: (
        f"Ni welsom chi {_meetings(number)} ar gyfer y modiwl <module>."
    ),
    r"We met since then on <n> days?\.": lambda days: (
        f"Rydym wedi cwrdd ers hynny ar {_days(days)}."
    ),
    # Work
    r"<item> in <module> was due on <day>\.": lambda day: (
        f"Roedd y gwaith <item> yn y modiwl <module> i'w gyflwyno ar {_on(day)}."
    ),
    r"We have not had it from you yet\.": lambda: "Nid ydym wedi ei gael gennych eto.",
    r"We did not have it by <day>\.": lambda day: (
        f"Nid oedd wedi ein cyrraedd erbyn {_plain(day)}."
    ),
    # Quiet weeks
    r"You were in the online learning space of <module> on <n> days? <when>\.": lambda days, when: (
        f"Buoch ym man dysgu ar-lein y modiwl <module> ar {_days(days)} {_when(when)}."
    ),
    r"The mean of your class is <n>\.": lambda days: f"Cymedr eich dosbarth yw {days}.",
    # Worth a look
    r"<item> in <module> is due on <day>\.": lambda day: (
        f"Mae'r gwaith <item> yn y modiwl <module> i'w gyflwyno ar {_on(day)}."
    ),
    r"We have not seen you in <module> since <day>\.": lambda day: f"{_NOT_IN} ers {_plain(day)}.",
    r"We have not seen you in <module> since <day>, up to <day>\.": lambda day, last: (
        f"{_NOT_IN} ers {_plain(day)}, hyd at {_on(last)}."
    ),
    r"We have not seen you in <module> yet\.": lambda: f"{_NOT_IN} eto.",
    r"We have not seen you in <module> yet, up to <day>\.": lambda last: (
        f"{_NOT_IN} eto, hyd at {_on(last)}."
    ),
    # Days without data
    r"We have no data on <families> for <days>\.": _gap,
}
"""The English sentence, with the places of ``_PARTS`` and of the names → its Welsh."""
