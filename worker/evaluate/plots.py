"""The curves of an evaluation: precision against burden, lead time, calibration of the order."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from store.rules.errors import InvalidInput
from worker.evaluate.bootstrap import Figure
from worker.evaluate.figures import TENTHS, Evaluated
from worker.evaluate.metrics import NOTICE
from worker.evaluate.svg import Line, LineChart, draw

_LONGEST_LEAD = 120


def write_plots(folder: Path, found: Mapping[str, Evaluated]) -> list[str]:
    """Write each chart as an SVG file, by presentation; return the files' names.

    Raises ``InvalidInput`` where the folder cannot be written to. Nothing but the folder is made
    where ``found`` is empty.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        charts = (_burden, _lead, _calibration) if found else ()
        names = []
        for chart in charts:
            name = f"{chart.__name__.removeprefix('_')}.svg"
            (folder / name).write_text(draw(chart(found)), encoding="utf-8")
            names.append(name)
    except OSError as error:
        raise InvalidInput(
            f"{folder} cannot be written to: {error.strerror}. Name another folder."
        ) from None
    return names


def _burden(found: Mapping[str, Evaluated]) -> LineChart:
    lines = [
        _line(name, [(rate, figure) for rate, figure in each.curves.burden])
        for name, each in found.items()
    ]
    return LineChart(
        title="Precision against burden",
        description="Share of flagged students who withdrew or failed, if the first of each "
        f"week's order are flagged. {_ends(lines, 'new flags per 100 a week')}",
        across="New flags per 100 students a week",
        up="Share who withdrew or failed",
        ticks=range(0, 11, 2),
        lines=lines,
    )


def _lead(found: Mapping[str, Evaluated]) -> LineChart:
    lines = []
    for name, each in found.items():
        leads = each.curves.lead
        points = [
            (float(day), sum(lead >= day for lead in leads) / len(leads))
            for day in range(0, _LONGEST_LEAD + 1, 5)
            if leads
        ]
        lines.append(Line(name, points))
    early = [
        f"{line.name} {dict(line.points).get(float(NOTICE + 1), 0):.0%}"
        for line in lines
        if line.points
    ]
    return LineChart(
        title="Lead time",
        description="Of the flags whose student withdrew, the share raised at least so many days "
        f"before. At {NOTICE + 1} days: {', '.join(early) or 'none'}.",
        across="Days from the flag to the withdrawal, at least",
        up="Share of these flags",
        ticks=range(0, _LONGEST_LEAD + 1, 20),
        lines=lines,
    )


def _calibration(found: Mapping[str, Evaluated]) -> LineChart:
    lines = []
    for name, each in found.items():
        if each.curves.tenths:
            day = max(each.curves.tenths)
            tenths = each.curves.tenths[day]
            lines.append(_line(f"{name}, day {day}", [(n + 1.0, f) for n, f in enumerate(tenths)]))
    return LineChart(
        title="Calibration of the order",
        description="Share who withdrew or failed in each tenth of the order, from the most "
        f"evidence to the least. {_ends(lines, f'of {TENTHS} tenths')}",
        across="Tenth of the order (1: the most evidence)",
        up="Share who withdrew or failed",
        ticks=range(1, TENTHS + 1),
        lines=lines,
    )


def _line(name: str, points: list[tuple[float, Figure]]) -> Line:
    return Line(
        name,
        [(x, each.value) for x, each in points if each.value is not None],
        [
            (x, each.low, each.high)
            for x, each in points
            if each.low is not None and each.high is not None
        ],
    )


def _ends(lines: list[Line], unit: str) -> str:
    return " ".join(
        f"{line.name}: {line.points[0][1]:.0%} at {line.points[0][0]:g} and "
        f"{line.points[-1][1]:.0%} at {line.points[-1][0]:g} {unit}."
        for line in lines
        if line.points
    )
