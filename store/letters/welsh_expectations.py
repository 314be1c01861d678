"""What a school hopes to see, in Welsh: the rules' own sentences, known by their English."""

from __future__ import annotations

import re
from collections.abc import Callable

_DAYS = r"(\d+) days?"
_SHARE = r"(all|at least \d+%) of your sessions"
_LATE = (
    rf"If work is {_DAYS} late and we have not seen you in that module for {_DAYS}, "
    r"we look too\."
)
_QUIET = (
    r"In each module, be online on at least (\d+)% of the days that your class is, "
    r"in at least one of any (\d+) weeks\."
)


def in_welsh(expectation: str) -> str | None:
    """Return a rule's expectation in Welsh; None where one of its sentences is not known."""
    said = [_sentence(each) for each in re.split(r"(?<=\.) ", expectation)]
    return None if None in said else " ".join(each for each in said if each)


def _sentence(english: str) -> str | None:
    for pattern, write in _SENTENCES.items():
        if found := re.fullmatch(pattern, english):
            return write(*found.groups())
    return None


def _days(number: str) -> str:
    return f"{number} diwrnod" if int(number) < 2 else f"{number} o ddyddiau"


def _share(english: str) -> str:
    """Write a share of the sessions, after the word for "to"."""
    if english == "all":
        return "bob un o'ch sesiynau"
    return f"{english.replace('at least', 'o leiaf')} o'ch sesiynau"


def _after_missed(number: str) -> str:
    missed = "1 cyfarfod" if number == "1" else f"{number} o gyfarfodydd yn olynol"
    return f"Ar ôl i chi golli {missed}, byddwn yn gofyn sut ydych chi."


_SENTENCES: dict[str, Callable[..., str]] = {
    r"Take part in your studies at least once in any (\d+) days of term\.": lambda days: (
        "Cymerwch ran yn eich astudiaethau o leiaf unwaith mewn unrhyw gyfnod o "
        f"{_days(days)} yn y tymor."
    ),
    r"A class, a meeting, time online or work that you hand in all count\.": lambda: (
        "Mae dosbarth, cyfarfod, amser ar-lein neu waith a gyflwynwch i gyd yn cyfrif."
    ),
    r"In each module, come to a session on at least one of any (\d+) days with sessions\.": (
        lambda days: (
            "Ym mhob modiwl, dewch i sesiwn ar o leiaf un diwrnod o unrhyw "
            f"{_days(days)} sydd â sesiynau."
        )
    ),
    rf"In each module, come to {_SHARE} over four weeks\.": lambda share: (
        f"Ym mhob modiwl, dewch i {_share(share)} dros bedair wythnos."
    ),
    r"Come to the meetings that you have arranged with staff, or let us know\.": lambda: (
        "Dewch i'r cyfarfodydd yr ydych wedi'u trefnu â staff, neu rhowch wybod i ni."
    ),
    r"After (\d+) missed meetings? in a row we ask how you are\.": _after_missed,
    rf"Hand in each piece of work within {_DAYS} of when it is due\.": lambda days: (
        f"Cyflwynwch bob darn o waith o fewn {_days(days)} i'r dyddiad cyflwyno."
    ),
    r"If you have more time agreed, the new day counts\.": lambda: (
        "Os cytunwyd ar ragor o amser i chi, y dyddiad newydd sy'n cyfrif."
    ),
    _QUIET: lambda share, weeks: (
        f"Ym mhob modiwl, byddwch ar-lein ar o leiaf {share}% o'r dyddiau y mae eich dosbarth "
        f"ar-lein, mewn o leiaf un wythnos o unrhyw {weeks}."
    ),
    rf"Hand your work in within {_DAYS} of when it is due, and come to {_SHARE}\.": (
        lambda days, share: (
            f"Cyflwynwch eich gwaith o fewn {_days(days)} i'r dyddiad cyflwyno, a dewch i "
            f"{_share(share)}."
        )
    ),
    r"We ask how you are when more than one of these slips\.": lambda: (
        "Byddwn yn gofyn sut ydych chi pan fydd mwy nag un o'r rhain yn llithro."
    ),
    r"Before your first piece of work in a module is due, we look at who has not been seen there "
    rf"for {_DAYS}\.": lambda days: (
        "Cyn dyddiad cyflwyno eich darn cyntaf o waith mewn modiwl, edrychwn ar bwy sydd heb gael "
        f"eu gweld yno ers {_days(days)}."
    ),
    _LATE: (
        lambda late, unseen: (
            f"Os yw gwaith {_days(late)} yn hwyr, ac nad ydym wedi eich gweld yn y modiwl hwnnw "
            f"ers {_days(unseen)}, edrychwn hefyd."
        )
    ),
}
"""The English sentence as a pattern → its Welsh, of the pattern's groups."""
