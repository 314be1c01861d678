"""``lantern evaluate oulad``: every presentation of a folder, its table and its JSON."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from integrations.feeds.text_files import FeedError
from store.rules.errors import InvalidInput
from store.rules.flags.capacity import Room
from store.rules.text.formatting import counted
from worker.cli.progress import loading
from worker.evaluate.fitted_model import auc
from worker.evaluate.metrics import Figure, flag_rates, of_list
from worker.evaluate.presentations import Presentation, presentations
from worker.evaluate.random_control import control_figures, precision_at, random_precision_at
from worker.evaluate.replay import Progress, default_policy, registered_on, replay

RATES = (1, 2, 5)
"""New flags per 100 students a week at which the order's precision is taken."""

Figures = Mapping[str, Figure]


def evaluate_oulad(folder: Path, json_file: Path | None, room: Room) -> None:
    """Evaluate each presentation of ``folder``, print its table, and write all as JSON.

    Raises ``FeedError`` where a file is missing or cannot be read, or nothing in it can be
    evaluated, and ``InvalidInput`` where the JSON cannot be written.
    """
    console, found = Console(), {}
    if json_file:
        # Before the work, which takes minutes, rather than after it.
        _write(json_file, as_json({}))
    with tempfile.TemporaryDirectory(prefix="lantern-evaluate-") as place:
        for presentation in presentations(folder, Path(place), console.print):
            with loading(presentation.name) as progress:
                figures = evaluate(presentation, room, progress)
            found[presentation.name] = figures
            console.print(table(presentation, figures))
            if json_file:
                _write(json_file, as_json(found))
    if not found:
        raise FeedError(f"There is nothing to evaluate in {folder.name}.")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(
            f"{path.name} cannot be written: {error.strerror}. Name a file in another folder."
        ) from None


def evaluate(presentation: Presentation, room: Room, progress: Progress) -> Figures:
    """Return every measure of one presentation, by name."""
    # A presentation without known work is replayed like a school that has click data alone.
    policy = default_policy(presentation.lake.newest_days(dt.date.max))
    result = replay(presentation, policy, room, progress)
    there = registered_on(presentation)
    control = control_figures(presentation, result.stays, there)
    figures = {
        name: Figure(value, control[name])
        for name, value in of_list(presentation, result.stays, there).items()
    }
    # The same without a daily limit, to see what it held back.
    figures["largest_share_on_one_day_if_nobody_waited"] = Figure(
        max((number / len(there[day]) for day, number in result.fired.items() if there[day]),
            default=0.0)
    )  # fmt: skip
    for rate in RATES:
        figures[f"precision_at_{rate}_per_100_a_week"] = Figure(
            precision_at(presentation, rate, result.weekly),
            random_precision_at(presentation, rate, result.weekly),
        )
    for day, evidence in result.evidence.items():
        figures[f"auc_day_{day}"] = auc(presentation, evidence)
    return figures | flag_rates(presentation, result.stays)


def as_json(found: Mapping[str, Figures]) -> str:
    """Map each presentation and measure to its value, control and reference, where they exist."""
    return json.dumps(
        {
            presentation: {name: _known(figure) for name, figure in figures.items()}
            for presentation, figures in found.items()
        },
        indent=2,
    )


def _known(figure: Figure) -> dict[str, float | None]:
    extra = {k: v for k, v in asdict(figure).items() if k != "value" and v is not None}
    return {"value": figure.value, **extra}


def table(presentation: Presentation, figures: Figures) -> Table:
    """Return the figures of one presentation, for people."""
    made = Table(
        title=f"{presentation.name}: {counted(len(presentation.students), 'student')}, "
        f"{counted(presentation.last_day, 'day')}"
    )
    made.add_column("measure")
    for column in ("value", "control", "reference"):
        made.add_column(column, justify="right")
    for name, row in _rows(figures):
        made.add_row(name, *row)
    return made


def _rows(figures: Figures) -> Iterator[tuple[str, tuple[str, str, str]]]:
    for name, figure in figures.items():
        yield (
            name.replace("_", " "),
            (
                "none, or too few" if figure.value is None else _shown(figure.value),
                _shown(figure.control),
                _shown(figure.reference),
            ),
        )


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
