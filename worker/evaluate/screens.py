"""The figures for people, on one screen or all of them, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

import numpy as np
from rich.table import Table

from store.rules.flag_rules.looks import LookKind
from store.rules.text.formatting import counted, listed
from worker.evaluate.bootstrap import DRAWS, Figure, Ratio, interval, pooled
from worker.evaluate.figures import Evaluated, Figures
from worker.evaluate.metrics import mean
from worker.evaluate.replay import AUC_DAYS

REACH = "withdrawals_on_list_14_days_before"
TIMES_CHANCE = f"times_chance: {REACH}"
_NAME = 11
_COLUMNS = (
    ("students", 8), ("/100/wk", 7), ("precision", 14), ("by student", 14), ("chance", 6),
    ("on list 14 d", 14), ("x chance", 10), ("wait", 7), ("never", 5),
)  # fmt: skip


def heading() -> list[str]:
    """Return what stands above the presentations' lines."""
    return [
        "What the school would have seen, with the policy's own holds, daily limit and queue.",
        f"In brackets: 95% interval by student ({DRAWS} draws). Wait in days: median/90th of 100.",
        _line("", [name for name, _ in _COLUMNS]),
    ]


def row(of: Evaluated) -> str:
    """Lay out one presentation in the columns of ``heading``."""
    f = of.figures
    wait = f["days_waited_median"].value, f["days_waited_90th_percentile"].value
    return _line(
        of.name,
        [
            str(of.students),
            _number(f["new_flags_per_100_a_week"].value, 2),
            _ranged(f["precision"]),
            _ranged(f["precision_by_student"]),
            _number(f["precision"].control, 2),
            _ranged(f[REACH]),
            _number(f[TIMES_CHANCE].value, 1) + _range(f[TIMES_CHANCE], 1),
            "–" if None in wait else f"{wait[0]:.0f}/{wait[1]:.0f}",
            _number(f["flagged_never_taken_up"].value, 0),
        ],
    )


def summary(found: Mapping[str, Evaluated], failed: Sequence[str]) -> list[str]:
    """Return the lines below: all presentations together, the surge rules, and the order."""
    return [
        *_together(found),
        *_looks(found),
        "",
        *_rules(found),
        "",
        *_order(found),
        *_more(failed),
    ]


def _together(found: Mapping[str, Evaluated]) -> Iterator[str]:
    def all_of(name: str) -> Figure:
        return pooled([each.ratios[name] for each in found.values()]).figure()

    every = list(found.values())
    never = sum(each.figures["flagged_never_taken_up"].value or 0 for each in every)
    if len(every) > 1:
        yield _line(
            "together",
            [
                str(sum(each.students for each in every)),
                _number(all_of("new_flags_per_100_a_week").value, 2),
                _ranged(all_of("precision")),
                _ranged(all_of("precision_by_student")),
                _number(mean([each.figures["precision"].control for each in every]), 2),
                _ranged(all_of(REACH)),
                _number(all_of(TIMES_CHANCE).value, 1) + _range(all_of(TIMES_CHANCE), 1),
                "",
                f"{never:.0f}",
            ],
        )
    lead = mean([each.figures["median_lead_days"].value for each in every])
    largest = max(
        every, key=lambda each: each.figures["largest_share_of_a_cohort_on_a_day"].value or 0
    )
    share = largest.figures["largest_share_of_a_cohort_on_a_day"].value or 0
    cards = mean([each.figures["cards_a_day"].value for each in every]) or 0
    yield (
        f"Days from flag to withdrawal, in the middle: {_number(lead, 0)}. Largest share of a "
        f"cohort on a day, before any limit: {share:.1%} ({largest.name})."
    )
    on, off = (
        mean([each.figures[f"precision_of_flags_on_{which}_days"].value for each in every])
        for which in ("surge", "other")
    )
    yield (
        f"Cards: {cards:.1f} a day. Flags on surge days are right in {_percent(on)}, on other "
        f"days in {_percent(off)}."
    )


def _looks(found: Mapping[str, Evaluated]) -> Iterator[str]:
    """Say what the softer level, which opens nothing, is worth."""
    of = [each.ratios for each in found.values()]

    def all_of(name: str) -> Ratio:
        return pooled([each[name] for each in of])

    parts = []
    for kind in LookKind:
        named = counted(round(all_of(f"looks_share_of_students: {kind}").part), "student")
        right = _ranged(all_of(f"looks_precision: {kind}").figure())
        parts.append(f"{kind.replace('-', ' ')} {named}, right in {right}")
    either = all_of("withdrawals_flagged_or_looked_at_14_days_before").figure()
    flagged = all_of("withdrawals_flagged_14_days_before").figure()
    times = all_of("times_chance: withdrawals_flagged_14_days_before").figure()
    yield f"Worth a look, no flag: {'; '.join(parts)}."
    yield (
        f"Withdrawals flagged or worth a look 14 days before: {_ranged(either)}; flagged alone: "
        f"{_ranged(flagged)}, x chance {_number(times.value, 2)}{_range(times, 2)}."
    )


def _rules(found: Mapping[str, Evaluated]) -> Iterator[str]:
    every = list(found.values())
    yield f"{'Surges are':<39} precision      on list 14 d   wait    held  never"
    for name in every[0].rules:
        of = [each.rules[name] for each in every]
        ratios = {
            key: pooled([each.rule_ratios[name][key] for each in every]).figure()
            for key in ("precision", REACH)
        }
        waits = [
            mean([each[f"days_waited_{which}"].value for each in of])
            for which in ("median", "90th_percentile")
        ]
        held, never = (
            sum(each[key].value or 0 for each in of)
            for key in ("held_days", "flagged_never_taken_up")
        )
        yield (
            f"  {name:<37} {_ranged(ratios['precision']):<14} {_ranged(ratios[REACH]):<14} "
            f"{'/'.join(_number(each, 0) for each in waits):<7} {held:>4.0f}  {never:>5.0f}"
        )


def _order(found: Mapping[str, Evaluated]) -> Iterator[str]:
    yield "Order (area under the curve) on day  " + "".join(f"{day:>18}" for day in AUC_DAYS)
    for words, which in (
        ("  Lantern, by counts and comparisons", "value"),
        ("  logit, the order's own measures", "reference"),
        ("  boosting, trained on other modules", "stronger"),
    ):
        cells = (f"{_area_on(day, which, found):>18}" for day in AUC_DAYS)
        yield f"{words:<37}" + "".join(cells)


def _area_on(day: int, which: str, found: Mapping[str, Evaluated]) -> str:
    """Return the mean over the presentations; of Lantern's own order with its interval."""
    figures = [each.figures.get(f"auc_day_{day}", Figure(None)) for each in found.values()]
    shown = _number(mean([getattr(each, which) for each in figures]), 3)
    draws = [each.areas[day] for each in found.values() if len(each.areas.get(day, ()))]
    if which != "value" or not draws:
        return shown
    low, high = interval(np.mean(draws, axis=0))
    return shown + _range(Figure(None, low=low, high=high), 3)


def _more(failed: Sequence[str]) -> Iterator[str]:
    yield "Every figure: add --all, or --json FILE. Charts: --plot FOLDER."
    if failed:
        yield f"{counted(len(failed), 'presentation')} failed and is not counted: {listed(failed)}."


def _line(name: str, cells: Sequence[str]) -> str:
    widths = (width for _, width in _COLUMNS)
    return f"{name:<{_NAME}}" + " ".join(
        f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True)
    )


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _ranged(figure: Figure) -> str:
    return _number(figure.value, 2) + _range(figure, 2)


def _range(figure: Figure, digits: int) -> str:
    if figure.low is None or figure.high is None:
        return ""
    low, high = (f"{each:.{digits}f}" for each in (figure.low, figure.high))
    if digits > 1:
        low, high = low.removeprefix("0"), high.removeprefix("0")
    return f" ({low}–{high})"


def as_json(found: Mapping[str, Evaluated]) -> str:
    """Map each presentation and measure to what exists: value, control, references, interval."""
    return json.dumps(
        {
            name: figures_as_json(each.figures)
            | {"surge_rules": {rule: figures_as_json(f) for rule, f in each.rules.items()}}
            for name, each in found.items()
        },
        indent=2,
    )


def figures_as_json(figures: Figures) -> dict[str, object]:
    """Map each measure to what exists of it; ``value`` is always there."""
    return {name: _known(figure) for name, figure in figures.items()}


def _known(figure: Figure) -> dict[str, float | None]:
    extra = {k: v for k, v in asdict(figure).items() if k != "value" and v is not None}
    return {"value": figure.value, **extra}


def table(of: Evaluated) -> Table:
    """Return all figures of one presentation, for people."""
    made = Table(title=f"{of.name}: {counted(of.students, 'student')}, {counted(of.days, 'day')}")
    made.add_column("measure")
    for column in ("value", "95% interval", "control", "reference", "stronger"):
        made.add_column(column, justify="right")
    for name, figure in of.figures.items():
        made.add_row(
            name.replace("_", " "),
            "none, or too few" if figure.value is None else f"{figure.value:.3f}",
            _range(figure, 3).strip(" ()"),
            *(
                "" if each is None else f"{each:.3f}"
                for each in (figure.control, figure.reference, figure.stronger)
            ),
        )
    return made
