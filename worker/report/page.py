"""Write the report as one page of its own: charts as inline SVG, each with its table beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from store.queries.notices.figure_lines import FigureLine, SchoolFigures
from store.rules.letters.statistics import NO_COMPARISON, ROUNDED
from store.rules.text.formatting import counted, long_date

_BAR, _LABEL, _WIDTH, _ROW = 320, 300, 700, 26
"""Units of the drawing: the longest bar, the space for its label, the whole, and a row."""
_SHORTEST = 2
_STYLE = (
    "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1a1a1a;background:#fff}table{border-collapse:collapse;margin:.5rem 0 1.5rem}"
    "th,td{text-align:left;padding:.2rem .8rem .2rem 0;border-bottom:1px solid #ccc}"
    "th{font-weight:normal}"
    "td.n{text-align:right}svg{max-width:100%;height:auto}svg text{font:14px system-ui,sans-serif}"
    "svg rect{fill:#1f5f8b}.note{color:#444}"
)
NOW = (
    "What stands under Open now and Overdue is as of the first report of this week, and the same "
    "in all of the week's reports. Training, reviews, feeds and coverage are as of today."
)


def html_page(made: Sequence[SchoolFigures], first: dt.date, last: dt.date) -> str:
    """Write a page on one school or several, without any script or outside file."""
    title = f"Student engagement, {long_date(first)} to {long_date(last)}"
    body = [f"<h1>{escape(title)}</h1>"]
    if len(made) > 1:
        body += _compared(made)
    for school in made:
        faculty = f", {escape(school.faculty)}" if school.faculty else ""
        body.append(f'<h2 id="{escape(school.code)}">{escape(school.name)}{faculty}</h2>')
        if school.standing.unruled:
            body.append(f"<p>{escape(school.standing.unruled)}</p>")
        body += _sections(school.lines())
    body += [f'<p class="note">{escape(note)}</p>' for note in (ROUNDED, NO_COMPARISON, NOW)]
    joined = "\n".join(body)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{joined}\n</main>\n</body>\n</html>\n"
    )


def said(line: FigureLine) -> str:
    """Return a figure as it is read."""
    if line.value is None:
        return "none" if line.unit == "day" else "none, or too few to say"
    if line.unit == "share" and not isinstance(line.value, str):
        return f"{line.value:.0%}"
    if line.unit == "day" and isinstance(line.value, str):
        return long_date(dt.date.fromisoformat(line.value))
    if isinstance(line.value, int) and line.unit in ("days", "rows", "emails"):
        return counted(line.value, line.unit[:-1])
    return f"{line.value:,}" if isinstance(line.value, int) else str(line.value)


def _compared(made: Sequence[SchoolFigures]) -> Iterator[str]:
    yield "<h2>The schools together</h2>"
    for title, numbers in (
        ("Cases opened", [(each.name, each.cases.opened) for each in made]),
        ("Cases with an answer", [(each.name, each.cases.answered) for each in made]),
        ("Open cases", [(each.name, each.standing.counts.open_now) for each in made]),
    ):
        yield f"<h3>{escape(title)}</h3>"
        yield _chart(title, numbers)


def _sections(lines: Sequence[FigureLine]) -> Iterator[str]:
    for section, of_section in groupby(lines, key=lambda line: line.section):
        rows = list(of_section)
        yield f"<h3>{escape(section)}</h3>"
        drawn = [row for row in rows if row.part and row.unit in ("cases", "students")]
        for measure, some in groupby(drawn, key=lambda line: line.measure):
            bars = [(row.part, row.value) for row in some if isinstance(row.value, int)]
            yield _chart(f"{section}, {measure}", bars)
        yield _table(section, rows)


def _table(section: str, rows: Sequence[FigureLine]) -> str:
    cells = "".join(
        f'<tr><th scope="row">{escape(row.measure)}'
        f"{': ' + escape(row.part) if row.part else ''}</th>"
        f'<td class="n">{escape(said(row))}</td></tr>'
        for row in rows
    )
    return f'<table aria-label="{escape(section)}">{cells}</table>'


def _chart(title: str, bars: Sequence[tuple[str, int]]) -> str:
    """Draw horizontal bars. The label says the numbers too, for who cannot see them."""
    top = max((number for _, number in bars), default=0) or 1
    spoken = ", ".join(f"{label} {number}" for label, number in bars)
    drawn = "".join(
        f'<text x="0" y="{row * _ROW + 18}">{escape(label[:40])}</text>'
        f'<rect x="{_LABEL}" y="{row * _ROW + 4}" height="{_ROW - 8}" '
        f'width="{max(_SHORTEST, number * _BAR // top) if number else 0}"/>'
        f'<text x="{_LABEL + number * _BAR // top + 8}" y="{row * _ROW + 18}">{number}</text>'
        for row, (label, number) in enumerate(bars)
    )
    return (
        f'<svg role="img" aria-label="{escape(f"{title}: {spoken}")}" '
        f'viewBox="0 0 {_WIDTH} {max(1, len(bars)) * _ROW}" width="{_WIDTH}">{drawn}</svg>'
    )
