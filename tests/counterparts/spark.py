"""Apache Spark runs the engine's own queries, transpiled, and returns the same rows as DuckDB.

Both read the same generated cohort; Spark gets its relations as Parquet. Java must be installed;
PySpark is installed beside the product.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from integrations.activity import catching, engine
from integrations.activity.catching import Looked, Net, query
from integrations.activity.lake import Lake
from integrations.activity.scratch_database import ScratchDatabase
from store.rules.flag_rules.base import Clearing, Criterion
from tests.counterparts import spark_session
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
NEEDS = {
    "measures": ("activity", "enrolments", "agreed", "delivered"),
    "cohort": ("measures",),
    "work": ("activity", "early", "extensions", "enrolments", "agreed"),
    "missed": ("work", "held", "criteria"),
    "caught": ("measures", "missed", "cohort", "criteria"),
    "middle": ("measures", "enrolments", "wanted", "periods"),
    "class_period": ("measures", "periods"),
}
"""Query → the relations that it reads."""
VALUES = {"through": f"DATE '{before(1)}'", "least": "10"}


@pytest.fixture(scope="module")
def python() -> Path:
    """Return an environment with PySpark, or skip if there is no Java."""
    if not shutil.which("java"):
        pytest.skip("Spark needs Java, which is not here")
    program = Path(os.environ.get("SPARK_VENV", VENV)) / "bin" / "python"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        subprocess.run([program, "-m", "pip", "install", "--quiet", PYSPARK], check=True)
    return program.absolute()


def test_spark_and_duckdb_give_the_same_rows(
    python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _run_duckdb(tmp_path, monkeypatch)
    job = {
        "tables": {name: str(tmp_path / f"{name}.parquet") for name in _tables()},
        "queries": {
            name: sqlglot.parse_one(_filled(name), read="duckdb").transform(_days).sql("spark")
            for name in NEEDS
        },
    }
    (tmp_path / "job.json").write_text(json.dumps(job))
    program = Path(spark_session.__file__)
    subprocess.run([python, program, tmp_path / "job.json", tmp_path / "rows.json"], check=True)
    by_spark = json.loads((tmp_path / "rows.json").read_text())
    for name, rows in found.items():
        assert rows, f"{name} has nothing to compare"
        assert Counter(map(tuple, by_spark[name])) == Counter(map(tuple, rows)), name


def _run_duckdb(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """Gather the cohort's evidence, and save each query's relations and rows on the way."""
    found: dict[str, list[list[str]]] = {}
    catch: Callable[..., Any] = catching.catch

    def keeping(work: ScratchDatabase, day: dt.date, agreed: Any, net: Net, looked: Looked) -> Any:
        context = catch(work, day, agreed, net, looked)
        for name in _tables():
            work.con.execute(f"COPY (FROM {name}) TO '{folder / name}.parquet' (FORMAT parquet)")
        for name in NEEDS:
            rows = work.con.execute(_filled(name)).fetchall()
            found[name] = [[spark_session.written(value) for value in row] for row in rows]
        return context

    monkeypatch.setattr(engine, "catch", keeping)
    lake = Lake(folder / "lake")
    School(lake, [(each, "LANG", "FRE1", "LANG", TERM, None) for each in EVERYONE])
    write(lake, _cohort(random.Random(SEED)))
    criterion = Criterion(
        silent_since=before(8),
        missed_due_from=before(42),
        missed_due_by=before(8),
        arrived_share=0.5,
        attended_below=0.5,
        quiet_weeks=2,
        quiet_below=0.4,
    )
    clearing = {"LANG": Clearing(14, (1 << 14) - 1)}
    sources = [VLE, REGISTER, WORK]
    taken = engine.ActivityEngine(lake).evidence(
        MONDAY, sources, {"LANG": criterion}, EVERYONE, clearing=clearing
    )
    assert dict(taken)["LANG"]
    return found


def _days(node: exp.Expression) -> exp.Expression:
    """Return a difference of dates as a number of days, where Spark would give an interval."""
    if isinstance(node, exp.Sub) and isinstance(node.this, exp.Cast):
        return exp.DateDiff(this=node.this, expression=node.expression)
    return node


def _tables() -> list[str]:
    return sorted({table for tables in NEEDS.values() for table in tables})


def _filled(name: str) -> str:
    text = query(name)
    for key, value in VALUES.items():
        text = text.replace(f"${key}", value)
    return text


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
