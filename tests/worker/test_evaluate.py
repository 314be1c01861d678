"""The evaluation of a small data set, replayed from its files, and its command."""

from __future__ import annotations

import datetime as dt
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from integrations.feeds.loading import no_progress
from integrations.feeds.text_files import FeedError
from store.rules.errors import InvalidInput
from store.rules.flags.capacity import Room
from tests.worker.oulad_folder import LENGTH, write_folder
from worker.cli.main import app
from worker.evaluate import each_presentation
from worker.evaluate.each_presentation import _at_once, each_evaluated
from worker.evaluate.figures import Evaluated, evaluate
from worker.evaluate.metrics import lead_days, sums_of_list
from worker.evaluate.presentations import (
    START,
    Presentation,
    SplitFolder,
    presentations,
)
from worker.evaluate.replay import Replay, Stay, default_policy, registered_on, replay
from worker.evaluate.run import evaluate_oulad
from worker.evaluate.screens import as_json

ONE_A_DAY = Room(1, surge_from=5)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Presentation:
    room = tmp_path_factory.mktemp("room")
    (found,) = presentations(write_folder(room / "oulad"), room)
    return found


@pytest.fixture(scope="module")
def replayed(tiny: Presentation) -> Replay:
    return replay(tiny, default_policy(), ONE_A_DAY, no_progress)


def test_those_who_fade_out_are_listed_once_there_is_room(replayed: Replay) -> None:
    # Due on day 14 with a week of grace, so both fire on day 22; of eight, one a day is no surge.
    assert (replayed.fired[21], replayed.fired[22], replayed.fired[23]) == (set(), {6, 7}, set())
    assert replayed.stays == [Stay(6, 22, 40), Stay(7, 23, LENGTH)]
    own = replayed.own
    assert (own.waits, own.never, own.held) == ([(6, 0), (7, 1)], set(), [])


def test_each_surge_rule_is_replayed_beside_the_others(tiny: Presentation) -> None:
    """Two of eight at once are a surge here: held until it is answered, or not held at all."""
    short = replace(tiny, last_day=25)
    found = replay(short, default_policy(), Room(10, surge_from=1), no_progress)
    assert list(found.queues) == [
        "all held, answered after 2 days",
        "held where no deadline explains them",
        "never held",
        "all held, never answered",
        "never held, no daily limit",
    ]
    first = {name: [stay.first for stay in queue.stays] for name, queue in found.queues.items()}
    assert list(first.values()) == [[24, 24], [22, 22], [22, 22], [], [22, 22]]
    assert [len(queue.held) for queue in found.queues.values()] == [1, 0, 0, 1, 0]
    assert found.queues["all held, never answered"].never == {6, 7}


def test_there_is_room_for_so_many_and_never_for_a_surge() -> None:
    assert Room(10).on(100) == 5
    assert Room(10).on(1_000) == 10
    assert Room(10).on(3) == 1


def test_the_figures_of_the_list(tiny: Presentation, replayed: Replay) -> None:
    days = 6 * 45 + 40 + 43
    sums = sums_of_list(tiny, replayed.stays, registered_on(tiny))
    assert {name: part.sum() / whole.sum() for name, (part, whole) in sums.items()} == {
        "new_flags_per_100_a_week": pytest.approx(100 * 7 * 2 / days),
        "share_on_list": pytest.approx((19 + 23) / days),
        "withdrawals_on_list_14_days_before": 1.0,
        "withdrawals_flagged_14_days_before": 1.0,
        "precision": 1.0,
        "precision_by_student": 1.0,
        "needed_help_ever_flagged": 1.0,
    }
    assert lead_days(tiny, replayed.stays) == [(6, 18)]


def test_the_order_has_the_quiet_ones_first(replayed: Replay) -> None:
    assert set(replayed.weekly[28][:2]) == {6, 7}
    assert {each.student for each in replayed.evidence[28]} == set(range(1, 9))
    assert list(replayed.evidence) == [28]


def test_a_presentation_whose_clicks_end_early_is_replayed_up_to_then(tmp_path: Path) -> None:
    (found,) = presentations(write_folder(tmp_path / "oulad", clicks_until=20), tmp_path)
    assert found.last_day == 21


def test_work_of_who_left_before_the_start_does_not_make_its_day_unknown(tmp_path: Path) -> None:
    """They are on the roster, as after ``lantern ingest oulad``, without being in the class."""
    folder = write_folder(tmp_path / "oulad", clicks_until=23)
    for stem, row in {
        "studentRegistration": "AAA,2013J,9,-9,-2",
        "studentInfo": "AAA,2013J,9,F,0-10%,0-35,N,Withdrawn",
        "studentAssessment": "901,9,13,0,70",
    }.items():
        with (folder / f"{stem}.csv").open("a") as file:
            file.write(row + "\n")
    (found,) = presentations(folder, tmp_path)
    assert sorted(found.students) == list(range(1, 9))
    assert replay(found, default_policy(), ONE_A_DAY, no_progress).fired[22] == {6, 7}


def test_only_what_was_known_the_day_before_counts(tmp_path: Path, replayed: Replay) -> None:
    """Later clicks and the final result do not change what was found on a day before."""
    folder = write_folder(tmp_path / "oulad", clicks_until=27)
    info = folder / "studentInfo.csv"
    info.write_text(info.read_text().replace("Withdrawn", "Pass").replace("Fail", "Pass"))
    (found,) = presentations(folder, tmp_path)
    again = replay(found, default_policy(), ONE_A_DAY, no_progress)
    assert found.last_day == 28
    assert again.evidence[28] == replayed.evidence[28]
    assert again.weekly == {day: who for day, who in replayed.weekly.items() if day <= 28}
    assert again.fired == {day: number for day, number in replayed.fired.items() if day <= 28}


def test_without_work_or_groups_it_is_evaluated_on_what_there_is(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "oulad", clicks_until=30)
    for name in ("assessments", "studentAssessment"):
        path = folder / f"{name}.csv"
        path.write_text(path.read_text().splitlines()[0] + "\n")
    info = folder / "studentInfo.csv"
    lines = [line.split(",") for line in info.read_text().splitlines()]
    info.write_text("".join(",".join([*line[:3], line[-1]]) + "\n" for line in lines))
    (found,) = presentations(folder, tmp_path)
    figures = evaluate(found, Room(), no_progress).figures
    assert figures["precision"].value == 1.0
    assert figures["auc_day_28"].value == 1.0
    assert figures["flag_rate_ratio: gender unknown"].value is None


def test_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "oulad")
    info = folder / "studentInfo.csv"
    info.write_text(info.read_text().replace("final_result", "result"))
    with pytest.raises(FeedError, match=r"studentInfo\.csv: no column final_result"):
        list(presentations(folder, tmp_path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "oulad")
    (folder / "studentInfo.csv").unlink()
    with pytest.raises(FeedError, match=r"There is no studentInfo\.csv"):
        list(presentations(folder, tmp_path))


def test_copies_of_the_data_set_are_read_however_they_say_that_nothing_is_known(
    tmp_path: Path, tiny: Presentation
) -> None:
    """Copies of the data set are read whatever their mark for unknown values.

    The original quotes all values and has "?" for unknown ones. Other copies have floats, another
    case of letters, or invalid lines.
    """
    folder = write_folder(tmp_path / "oulad")
    for path in folder.iterdir():
        lines = [line.split(",") for line in path.read_text().splitlines()]
        quoted = "".join(",".join(f'"{v or "?"}"' for v in line) + "\r\n" for line in lines)
        path.write_bytes(b"\xef\xbb\xbf" + quoted.encode())
    assessments = folder / "assessments.csv"
    assessments.write_text(assessments.read_text().replace('"14"', '"14.0"'))
    info = folder / "studentInfo.csv"
    info.write_bytes(info.read_bytes().replace(b"0-35", b"\xe9").replace(b"Fail", b"fail "))
    with (folder / "studentVle.csv").open("a") as file:
        file.write('AAA,2013J\n"AAA\n')
    (tmp_path / "room").mkdir()
    (found,) = presentations(folder, tmp_path / "room")
    outcomes = {n: (s.starts, s.ends, s.withdrew, s.failed) for n, s in tiny.students.items()}
    assert {n: (s.starts, s.ends, s.withdrew, s.failed) for n, s in found.students.items()} == (
        outcomes
    )
    assert found.last_day == tiny.last_day
    work = found.lake.newest_days(START + dt.timedelta(days=14))["oulad-assessments"]
    assert work == START + dt.timedelta(days=14)


def test_a_folder_with_several_presentations_says_which_are_left_out(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "oulad", clicks_until=8)
    for stem, rows in {
        "courses": ["A/../B,2014B,45", "CCC,2014J,45"],
        "studentRegistration": ["A/../B,2014B,1,-9,", "CCC,2014J,1,-9,", "CCC,2014J,9,-9,-2"],
        "studentInfo": ["A/../B,2014B,1,F,,0-35,N,Pass", "CCC,2014J,9,F,,0-35,N,Withdrawn"],
        "studentVle": ["A/../B,2014B,1,5,-3,1"],
    }.items():
        with (folder / f"{stem}.csv").open("a") as file:
            file.write("".join(f"{row}\n" for row in rows))
    # As in the data set as it is published: some work was handed in 608 days after the start.
    with (folder / "studentAssessment.csv").open("a") as file:
        file.write("901,7,608,0,50\n")
    out = tmp_path / "out.json"
    done = CliRunner().invoke(app, ["evaluate", "oulad", str(folder), "--json", str(out)])
    said = " ".join(done.output.split())
    assert done.exit_code == 0, done.output
    assert list(json.loads(out.read_text())) == ["AAA-2013J"]
    assert "A/../B-2014B is left out: studentVle.csv has no clicks" in said
    assert "CCC-2014J is left out: studentInfo.csv has no result" in said


def test_one_presentation_that_fails_is_named_and_the_others_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_folder(tmp_path / "oulad", clicks_until=8)
    for stem in ("courses", "studentRegistration", "studentInfo", "studentVle"):
        path = folder / f"{stem}.csv"
        head, *rows = path.read_text().splitlines()
        again = [row.replace("2013J", "2014J") for row in rows]
        path.write_text("\n".join([head, *rows, *again]) + "\n")

    def breaks(presentation: Presentation, *others: Any) -> Evaluated:
        if presentation.name == "AAA-2013J":
            raise ZeroDivisionError("a name that is not shown")
        return evaluate(presentation, *others)

    monkeypatch.setattr(each_presentation, "evaluate", breaks)
    out = tmp_path / "out.json"
    done = CliRunner().invoke(app, ["evaluate", "oulad", str(folder), "--json", str(out)])
    assert done.exit_code == 0, done.output
    assert "AAA-2013J is left out: unexpected error: ZeroDivisionError." in done.output
    assert "1 presentation failed and is not counted: AAA-2013J." in done.output
    assert "not shown" not in done.output
    assert list(json.loads(out.read_text())) == ["AAA-2014J"]


def test_several_at_once_give_the_same_figures(tmp_path: Path) -> None:
    """Larger data sets are evaluated in processes of their own."""
    folder = write_folder(tmp_path / "oulad", clicks_until=8)
    split = SplitFolder(folder, tmp_path / "room")
    (one,) = _at_once(split, split.names, Room(), 1, [])
    (same,) = each_evaluated(SplitFolder(folder, tmp_path / "again"), Room())
    assert isinstance(one, Evaluated)
    assert isinstance(same, Evaluated)
    assert as_json({one.name: one}) == as_json({same.name: same})


def test_where_nothing_can_be_evaluated_it_says_so_at_once(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "oulad")
    unwritable = CliRunner().invoke(
        app, ["evaluate", "oulad", str(folder), "--json", str(tmp_path / "no" / "out.json")]
    )
    assert isinstance(unwritable.exception, InvalidInput)
    assert "out.json cannot be written" in str(unwritable.exception)
    (folder / "studentInfo.csv").write_text("code_module,code_presentation,id_student,final_result")
    (tmp_path / "room").mkdir()
    with pytest.raises(FeedError, match="There is nothing to evaluate in oulad"):
        evaluate_oulad(folder, None, 10)
    (folder / "courses.csv").write_text("code_module,code_presentation,module_presentation_length")
    with pytest.raises(FeedError, match=r"courses\.csv names no presentation"):
        list(presentations(folder, tmp_path / "room"))


def test_the_command_prints_a_table_and_writes_json(tmp_path: Path) -> None:
    folder, out = write_folder(tmp_path / "oulad", clicks_until=30), tmp_path / "out.json"
    charts = tmp_path / "charts"
    done = CliRunner().invoke(
        app, ["evaluate", "oulad", str(folder), "--json", str(out), "--plot", str(charts)]
    )
    assert done.exit_code == 0, done.output
    assert "AAA-2013J" in done.output
    assert "Worth a look, no flag: first work " in done.output
    assert len(done.output.splitlines()) <= 40
    for name in ("burden", "lead", "calibration"):
        drawn = ElementTree.parse(charts / f"{name}.svg").getroot()  # noqa: S314 -- our own file
        assert drawn.get("role") == "img"
        assert [child.tag.rpartition("}")[2] for child in drawn][:2] == ["title", "desc"]
        assert "prefers-color-scheme: dark" in "".join(drawn.itertext())
    found = json.loads(out.read_text())["AAA-2013J"]
    assert found["precision"]["value"] == 1.0
    assert 0 < found["precision"]["control"] < 1
    assert found["auc_day_28"]["value"] == 1.0
    assert "reference" not in found["auc_day_28"]  # two are too few to cross-validate
    assert found["flag_rate_ratio: gender F"] == {"value": None}


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    refused = CliRunner().invoke(app, ["evaluate", "oulad", "nowhere"])
    assert isinstance(refused.exception, InvalidInput)
    assert "make dev" in str(refused.exception)
    assert "pip install 'WHEEL[evaluate]'" in str(refused.exception)
