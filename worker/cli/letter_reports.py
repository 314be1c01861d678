"""What letters led to, school by school, for ``lantern outreach report``."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict

from store.db.unit_of_work import Store
from store.policies.versions import policy_in_force
from store.queries.outreach.letter_statistics import letter_report
from store.queries.schools.staff import all_schools
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput
from store.rules.letters.statistics import NO_COMPARISON, LetterReport

_DAYS = dt.timedelta(days=90)

Found = Sequence[tuple[str, LetterReport]]
"""(the school's code, its figures)."""


def letter_reports(store: Store, code: str | None, since: dt.date | None) -> Found:
    """Of one school, or of all that have a policy; since a day, or of 90 days.

    Raises:
        InvalidInput: there is no such school, or it has no policy in force.
    """
    now = store.now()
    today = institution_day(now)
    first = since or today - _DAYS
    with store.database.read() as connection:
        schools = [each for each in all_schools(connection) if code in (None, each.code)]
        if code and not schools:
            raise InvalidInput(f"There is no school {code}.")
        return [
            (each.code, letter_report(connection, each.id, first, now))
            for each in schools
            if code or policy_in_force(connection, each.id, today)
        ]


def packed(found: Found) -> str:
    """As JSON: a list of schools, each with ``letters``; the days as YYYY-MM-DD."""
    schools = [
        {
            "school": code,
            "since": report.since.isoformat(),
            "days": report.days,
            "altogether": asdict(report.altogether),
            "letters": [asdict(name) | asdict(rates) for name, rates in report.letters],
        }
        for code, report in found
    ]
    return json.dumps({"note": NO_COMPARISON, "schools": schools}, indent=2) + "\n"
