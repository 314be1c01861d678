"""Draw a student's activity, week by week, as one SVG file for the copy of their data (§28)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from integrations.activity.one_student import ActivityRow
from store.rules.model import MarkerFamily

STEP, WIDTH, HEIGHT, GAP = 22, 14, 60, 34
"""Of a week and its column, of a row of columns, and between two rows; in pixels."""
SIDE = 12


Week = tuple[int, int]
"""Expected and done."""


def activity_chart(rows: Iterable[ActivityRow], titles: Mapping[str, str]) -> str:
    """Return the SVG: a row for each module, source and kind of activity, a column for each week
    from Monday.

    A frame shows what was expected, a filled column what was done. A week without a column has no
    data, or nothing was seen and nothing expected: the CSV file beside it says which.
    """
    weeks: defaultdict[tuple[str, ...], dict[dt.date, Week]] = defaultdict(dict)
    for row in rows:
        monday = row.day - dt.timedelta(days=row.day.weekday())
        module = titles.get(row.module, row.module)
        known = weeks[module, MarkerFamily(row.family).label, row.source]
        expected, done = known.get(monday, (0, 0))
        known[monday] = (expected + row.expected, done + row.done)
    first = min((min(each) for each in weeks.values()), default=dt.date.min)
    last = max((max(each) for each in weeks.values()), default=dt.date.min)
    width = 2 * SIDE + ((last - first).days // 7 + 1) * STEP
    parts = [
        line
        for number, (about, known) in enumerate(sorted(weeks.items()))
        for line in _row(number, ", ".join(about), known, first)
    ]
    height = GAP + len(weeks) * (HEIGHT + GAP)
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {max(width, 320)} {height}" '
            'role="img" font-family="sans-serif" font-size="11">',
            "<title>Your activity by week. The file activity.csv says the same.</title>",
            *parts,
            "</svg>\n",
        )
    )


def _row(number: int, name: str, known: dict[dt.date, Week], first: dt.date) -> Iterator[str]:
    bottom = (number + 1) * (HEIGHT + GAP)
    top = max(1, *(max(each) for each in known.values()))
    yield f'<text x="{SIDE}" y="{bottom - HEIGHT - 8}">{escape(name)}</text>'
    for monday, (expected, done) in sorted(known.items()):
        x = SIDE + (monday - first).days // 7 * STEP
        said = f"{done} of {expected} expected" if expected else f"{done} recorded"
        words = f"Week of {monday.day} {monday:%B %Y}: {said}"
        yield f"<g><title>{words}</title>"
        for count, style in ((expected, 'fill="none" stroke="#555"'), (done, 'fill="#1d70b8"')):
            if count:
                tall = round(HEIGHT * count / top, 1)
                place = f'x="{x}" y="{round(bottom - tall, 1)}" width="{WIDTH}" height="{tall}"'
                yield f"<rect {place} {style}/>"
        yield "</g>"
