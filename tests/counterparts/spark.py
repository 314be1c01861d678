"""Apache Spark as the engine for measures: the same rows of each query as DuckDB, one by one.

Both read the same lake of a generated cohort. Java must be installed; PySpark is installed beside
the product.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from integrations.activity import catching, coming_work, engine, queries
from integrations.activity.coverage import bursts, four_weeks
from integrations.activity.lake import Lake
from integrations.activity.scratch_database import ScratchDatabase
from integrations.activity.spark import HERE, Spark, what_is_missing
from store.rules.flag_rules.base import Clearing, Criterion
from store.rules.flags.coverage import BurstLimits
from tests.integrations.small_lake import (
    MONDAY,
    REGISTER,
    TERM,
    VLE,
    WORK,
    Event,
    School,
    before,
    did,
    due,
    handed_in,
    write,
)

PYSPARK = "pyspark==4.3.0"
VENV = Path("build/spark")
EVERYONE, SEED = range(1, 121), 17
AGREED = [VLE, REGISTER, WORK]
CRITERION = Criterion(
    silent_since=before(8),
    missed_due_from=before(42),
    missed_due_by=before(8),
    arrived_share=0.5,
    attended_below=0.5,
    quiet_weeks=2,
    quiet_below=0.4,
    first_due_by=before(-3),
    unseen_since=before(8),
)
EVERY_BURST = BurstLimits(clicks=1, of_all=0.0, times_the_class=0.0, class_days=0.0)
Rows = Mapping[str, list[list[str]]]


@pytest.fixture(scope="module")
def pyspark() -> None:
    """Make PySpark importable, or skip if there is no Java."""
    if not shutil.which("java"):
        pytest.skip("Spark needs Java, which is not here")
    venv = Path(os.environ.get("SPARK_VENV", VENV))
    if not venv.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        python = str(venv / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", PYSPARK], check=True)
    sys.path.append(str(next(venv.absolute().glob("lib/python*/site-packages"))))
    assert what_is_missing() == ""


@pytest.mark.usefixtures("pyspark")
def test_spark_and_duckdb_give_the_same_rows_and_the_same_evidence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(tmp_path / "lake")
    enrolled = [(each, "LANG", "FRE1", "LANG", TERM, None) for each in EVERYONE]
    late = EVERYONE[-1] + 1
    School(lake, [*enrolled, (late, "LANG", "FRE1", "LANG", before(20), None)])
    write(lake, [*_cohort(random.Random(SEED)), due(late, before(-2), "Talk")])
    by_duckdb, evidence = _computed(lake, monkeypatch)
    by_spark, evidence_by_spark = _computed(Lake(lake.root, Spark(HERE)), monkeypatch)
    others = {"middle": "middles", "oversight": "bursts"}
    assert set(by_duckdb) == {others.get(name, name) for name in queries.RELATIONS}
    for name, rows in by_duckdb.items():
        assert rows, f"{name} has nothing to compare"
        assert by_spark[name] == rows, name
    assert evidence_by_spark == evidence


def _computed(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> tuple[Rows, Any]:
    """Return the rows of each query, in order, and the evidence of the cohort."""
    found: dict[str, list[list[str]]] = {}

    def keeping(work: ScratchDatabase, table: str, *said: Any) -> None:
        queries.make_table(work, table, *said)
        rows = work.con.execute(f"FROM {table}").fetchall()
        found[table] = sorted([_written(value) for value in row] for row in rows)

    with monkeypatch.context() as patched:
        for module in (engine, catching, coming_work):
            patched.setattr(module, "make_table", keeping)
        evidence = engine.ActivityEngine(lake).evidence(
            MONDAY,
            AGREED,
            {"LANG": CRITERION},
            EVERYONE,
            clearing={"LANG": Clearing(14, (1 << 14) - 1)},
        )
        of_school = dict(evidence)
    assert of_school["LANG"]
    with four_weeks(lake, MONDAY, AGREED) as work:
        found["bursts"] = [[str(each)] for each in bursts(work, "LANG", EVERY_BURST)]
    return found, of_school


def _written(value: Any) -> str:
    """Return a value as both engines would write it: numbers to nine places."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"{float(value):.9f}"
    return str(value)


def _cohort(chance: random.Random) -> Iterator[Event]:
    """Yield a term of a class: some students become inactive, have no data or do not submit."""
    days = [TERM + dt.timedelta(days=each) for each in range((MONDAY - TERM).days)]
    for student in EVERYONE:
        eager = chance.random()
        for at, day in enumerate(days):
            if chance.random() < eager * (1 - at / len(days) * (student % 3 == 0)):
                yield did(student, day)
            if day.weekday() == 1:
                yield Event("register", day, student, "FRE1", "attendance", f"L{at}", 1, 0)
                if chance.random() < eager:
                    yield Event("register", day, student, "FRE1", "attendance", f"L{at}", 0, 1)
        for back, item in ((30, "Essay"), (12, "Talk")):
            yield due(student, before(back), item)
            if chance.random() < 0.8:
                yield handed_in(student, before(back - chance.randrange(3)), item)
